/** `<file>`: a bare node:http server that answers every request with the file, read as it is sent. Prints its address. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const file = process.argv[2]!
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': statSync(file).size })
  createReadStream(file).pipe(response)
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
