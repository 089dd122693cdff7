import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'

export type Asked = {
  /** Changes that the ledger holds before the first message. */
  readonly items: number
  /** In each of the rounds. */
  readonly messages: number
  readonly rounds: number
  readonly broken: string | null
}

/** For each change. */
const measuredSchema = z.object({
  calls: z.number(),
  readUnits: z.number(),
  writeUnits: z.number(),
  /** Of the processor. */
  microseconds: z.number(),
})
export type Measured = z.infer<typeof measuredSchema>

/** A million items take about two gigabytes in memory. */
const HEAP_MB = 6_000

/** Has a process of its own measure. @throws Error when it ends without a result */
export async function filled(asked: Asked): Promise<Measured> {
  const worker = join(import.meta.dirname, 'worker.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, worker, JSON.stringify(asked)],
    { maxBuffer: 1_000_000 },
  )
  return measuredSchema.parse(JSON.parse(stdout))
}
