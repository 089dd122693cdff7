import { hooklineApp } from './hookline-app.ts'
import { loadConfig } from './load-config.ts'
import { checkPrompts } from './standup/prompts.ts'
import { SynthError } from './synth-error.ts'

try {
  const config = await loadConfig()
  await checkPrompts(config)
  hooklineApp(config).synth()
} catch (error) {
  if (!(error instanceof SynthError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
