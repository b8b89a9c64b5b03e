import { runCommandLine } from './cli/command-line.ts'

// A reader that has seen enough (`assay status … | head`) closes the pipe: that is no error, what is left is written to nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCommandLine(process.argv)
