/** `<json>`: a bare Fastify server with one route, which answers with that object. Prints its address. */
import Fastify from 'fastify'

const answer = JSON.parse(process.argv[2]!) as object
const server = Fastify()
server.get('/', async () => answer)
console.log(await server.listen({ port: 0, host: '127.0.0.1' }))
