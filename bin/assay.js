#!/usr/bin/env node
// Starts Assay with a Node that can run it. Plain JavaScript, because an older Node runs this file first.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const neededMajor = 24
/** Without this glibc keeps what was freed of larger pieces, once one has been freed: 280 of 1,190 MiB at the peak of hostile contents. */
const ownMappingBytes = 1024 * 1024
/** Each of the three parts of what the main thread has for young objects. With 16, as V8 has it, it takes 24 MiB more, and buffers stay for longer. */
const youngPartMiB = 8

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  if (['serve', 'demo'].includes(process.argv[2])) giveFreedMemoryBack()
  stopWithNpm(() => process.kill(process.pid, 'SIGTERM'))
  // A checkout runs its sources; an installed package has only what was built from them.
  const source = new URL('../src/main.ts', import.meta.url)
  const isCheckout = existsSync(source)
  // Without it every start of a checkout strips the types of all sources again: a third of a second, of one and a half.
  if (isCheckout) keepCompiledCode(fileURLToPath(new URL('../node_modules/.cache/assay/code', import.meta.url)))
  await import((isCheckout ? source : new URL('../dist/main.js', import.meta.url)).href)
} else {
  runWithBundledNode()
}

/**
 * Begins this process again with large pieces of memory in mappings of their own, which go back to the system when they are freed. glibc can be told
 * so only from outside, before it begins, as V8 how much young objects may take; that takes 0.03 s. Whoever has set the variable is not overruled.
 */
function giveFreedMemoryBack() {
  const { platform, env, execPath, execArgv, argv } = process
  const isForked = process.send !== undefined
  if (platform !== 'linux' || 'MALLOC_MMAP_THRESHOLD_' in env || isForked) return
  const flags = [`--max-semi-space-size=${youngPartMiB}`, ...execArgv]
  process.execve(execPath, [execPath, ...flags, ...argv.slice(1)], { ...env, MALLOC_MMAP_THRESHOLD_: String(ownMappingBytes) })
}

/** In that folder, for this thread and, by the environment, for those to come. */
function keepCompiledCode(folder) {
  module.enableCompileCache(folder)
  process.env.NODE_COMPILE_CACHE ??= folder
}

/** Runs this file again with the Node that the npm package "node" brings, and passes signals and the exit code on. */
function runWithBundledNode() {
  const binary = findBundledNode()
  if (binary === null) {
    console.error(`assay: this Node is ${process.versions.node}, and Assay needs ${neededMajor} or newer.`)
    console.error('Install that Node, or run "npm install" again without --omit=optional and --ignore-scripts: it brings one along.')
    process.exitCode = 6
    return
  }
  const child = spawn(binary, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl+C to the child as well: passing it on would make two of one.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  stopWithNpm(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    console.error(`assay: cannot run ${binary}: ${error.message}`)
    process.exitCode = 6
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

/**
 * Calls `stop` when npm or npx, or the shell between, has ended: told to stop they end at once, and nobody would tell us. Only where npm was
 * asked for this command itself and waits for it: what a script starts in the background shall outlive the script.
 */
function stopWithNpm(stop) {
  const script = process.env.npm_lifecycle_script ?? ''
  if (!/^['"]?(node )?\S*\bassay(\.js)?['"]?( [^&]*)?$/.test(script)) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 1000)
  timer.unref()
}

function findBundledNode() {
  try {
    const folder = dirname(module.createRequire(import.meta.url).resolve('node/package.json'))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}
