import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'

const text = z.string().min(1)

/** Where `npm start` writes the details, from the project's root. */
export const LOCAL_FILE = '.hookline/local.json'

/** What a program needs to talk to the system that runs here. */
export const localDetailsSchema = z.object({
  stage: text,
  version: text.optional(),
  apiUrl: text,
  webhookUrl: text,
  connection: text,
  slot: text,
  signingSecret: text,
  clickupUrl: text,
  endpoints: z.object({ dynamodb: text, sqs: text, secretsmanager: text, events: text, logs: text }),
  tables: z.object({ ledger: text, tasks: text, state: text }),
  /** URLs. */
  queues: z.object({
    deliveries: text,
    quarantine: text,
    jobs: text.optional(),
    guard: text.optional(),
    standup: text.optional(),
  }),
  busName: text,
  /** There where the template keeps raw deliveries. */
  archiveBucket: text.optional(),
  credentials: z.object({ accessKeyId: text, secretAccessKey: text }),
  region: text,
  pid: z.int().positive(),
})
export type LocalDetails = z.infer<typeof localDetailsSchema>

/** Another system's process, if the file speaks of one that still runs. */
export function runningElsewhere(file: string): number | null {
  const details = localDetailsSchema.safeParse(readJson(file))
  if (!details.success || details.data.pid === process.pid) return null
  return isAlive(details.data.pid) ? details.data.pid : null
}

/** Only its owner may read it: it holds the signing secret. Whoever reads it meanwhile never sees half of it. */
export function writeLocalFile(file: string, details: LocalDetails): void {
  mkdirSync(dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify(details, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, file)
}

/** Removes the file if it is ours; synchronous, so that it also works in the moment of exit. */
export function removeLocalFile(file: string): void {
  const details = localDetailsSchema.safeParse(readJson(file))
  if (details.success && details.data.pid === process.pid) rmSync(file, { force: true })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whether a process runs, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 reaches nobody and only asks whether it could.
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
