import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'

export type Asked = {
  /** Messages in each of the sequences to be timed. */
  readonly sequences: readonly number[]
  readonly rounds: number
  /** After so many messages of one sequence it is looked what is kept of them, in rising order. */
  readonly keeping: readonly number[]
  readonly broken: string | null
}

const measuredSchema = z.object({
  sequences: z.array(z.object({ messages: z.number(), microsecondsEach: z.number() })),
  kept: z.array(z.object({ messages: z.number(), bytes: z.number() })),
})
export type Measured = z.infer<typeof measuredSchema>

/** Has a process of its own measure. @throws Error when it ends without a result */
export async function worked(asked: Asked): Promise<Measured> {
  const worker = join(import.meta.dirname, 'worker.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [worker, JSON.stringify(asked)], {
    maxBuffer: 1_000_000,
  })
  return measuredSchema.parse(JSON.parse(stdout))
}
