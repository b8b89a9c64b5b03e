/**
 * What it takes to decide by path rules about an ordinary path, and about the worst ones of the greatest length.
 *
 *     node bench/rules/decide.ts
 *
 * Goal: an ordinary path with ten expressions takes less than a tenth of what receiving an asset does; no path takes longer than 100 ms.
 */
import { compilePathRules, decidePath } from '../../src/model/path-rules.ts'

const goals = { ordinaryMicroseconds: 50, worstMilliseconds: 100 }
const many = (count: number) => Array.from({ length: count }, (_, index) => `/content/dam/products/.*/p${index}`)
const sets: Readonly<Record<string, readonly string[]>> = {
  'as at first': [],
  'and 1 expression': many(1),
  'and 10 expressions': many(10),
  'and 60 expressions': many(60),
  'and nested repetitions': ['(a+)+', '(.*)*b', '(a|aa)+c', '(x+x+)+y', '((a*)*)*b', '(.*a){20}.*b'],
  'and the largest that are taken': ['.*a.{900}', '.*/.{900}c', '.*a.{900}b'],
  'and 720 optional parts': ['/content/dam(?:/?a?){240}', '/content/dam(?:/?a?){240}b', '.*(?:/?a?){240}b'],
}
const ordinary = '/content/dam/products/acme/en/manual/topics/installing-the-server.dita'
const longest = [`/content/dam${'/a'.repeat(1010)}`, `/content/dam${`/${'a'.repeat(250)}`.repeat(8)}`]

function millisecondsFor(path: string, regexes: readonly string[], times: number): number {
  const rules = compilePathRules({
    ignored: ['/content/dam/projects/translation_output', ...regexes.map((regex) => `regex:${regex}`)],
    enabled: ['/content/dam'],
  })
  for (let time = 0; time < times / 10; time++) decidePath(rules, path)
  const startedAt = performance.now()
  for (let time = 0; time < times; time++) decidePath(rules, path)
  return (performance.now() - startedAt) / times
}

for (const [name, regexes] of Object.entries(sets)) {
  const usual = millisecondsFor(ordinary, regexes, 2000) * 1000
  const worst = Math.max(...longest.map((path) => millisecondsFor(path, regexes, 10)))
  console.log(`| ${name} | ${usual.toFixed(1)} µs | ${worst.toFixed(1)} ms |`)
}
console.log(`goals: ${goals.ordinaryMicroseconds} µs with ten expressions, ${goals.worstMilliseconds} ms at worst`)
