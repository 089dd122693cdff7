import { spawn } from 'node:child_process'
import * as z from 'zod'

/** Of a fresh process: from the start of its own code until the module is there, and from then to the first answer. */
const startedSchema = z.object({ importMs: z.number(), firstMs: z.number(), statusCode: z.number().nullable() })
type Started = z.infer<typeof startedSchema>

/** Imports a module and calls its handler once, as the runtime does; then it ends, whatever connections are open. */
const SCRIPT = `
const begun = performance.now()
const { handler } = await import(process.argv[1])
const imported = performance.now()
const event = JSON.parse(process.argv[2])
const answer = event === null ? null : await handler(event, { getRemainingTimeInMillis: () => 60000 })
const done = performance.now()
const statusCode = answer?.statusCode ?? null
process.send({ importMs: imported - begun, firstMs: done - imported, statusCode }, () => process.exit(0))
`

/**
 * Starts a module in a fresh Node.
 * @throws Error with what it said last when its import or its first invocation fails
 */
export function start(module: string, event: unknown, env: Readonly<Record<string, string>>): Promise<Started> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, module, JSON.stringify(event)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env,
  })
  let last = ''
  child.stderr?.on('data', (chunk) => {
    last = `${last}${chunk}`.slice(-2_000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (message) => resolve(startedSchema.parse(message)))
    child.once('exit', (code) => reject(new Error(`${module} ended with ${code} before it answered:\n${last}`)))
  })
}
