import { hooklineApp } from './hookline-app.ts'
import { loadConfig } from './load-config.ts'
import { SynthError } from './synth-error.ts'

try {
  hooklineApp(await loadConfig()).synth()
} catch (error) {
  if (!(error instanceof SynthError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
