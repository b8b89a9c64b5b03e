import { errorKinds } from '../../src/contract/errors.ts'

export const path = 'docs/reference/errors.md'

/** The page of all errors that HTTP answers carry, from the catalogue. */
export async function render(): Promise<string> {
  const kinds = Object.values(errorKinds).sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
  const sections = kinds.map(({ code, status, title, remedy }) => `## ${code}\n\nHTTP ${status}. ${title}.\n\n**What to do:** ${remedy}\n`)
  return `${introduction}\n${sections.join('\n')}`
}

const introduction = `<!-- Generated from src/contract/errors.ts by \`npm run generate\`. Do not edit. -->

# Errors

Every answer that is no success is a problem document of RFC 9457 (\`application/problem+json\`). Besides \`type\`, \`title\`, \`status\`,
\`detail\` and \`instance\` it holds \`code\` (stable, one of those below), \`remedy\`, \`requestId\` (also in the header \`X-Request-Id\`, and in
the log of the server), and for wrong values \`errors\`: a list of \`pointer\` (JSON pointer, RFC 6901) and \`detail\`.
`
