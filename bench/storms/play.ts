import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import * as z from 'zod'
import type { Job } from './worker.ts'

const boundSchema = z.object({ figure: z.string(), value: z.number(), bound: z.string().nullable(), ok: z.boolean() })

const playedSchema = z.object({
  result: z.object({
    name: z.string(),
    kind: z.enum(['hookline', 'naive']),
    seed: z.number(),
    ok: z.boolean(),
    bounds: z.array(boundSchema),
    virtualMs: z.number(),
    realMs: z.number(),
  }),
  /** Warnings and errors, and how often each was logged. */
  logged: z.array(z.tuple([z.string(), z.number()])),
})
export type Played = z.infer<typeof playedSchema>

/** A run makes many things that live for a moment: room for them saves most of the collecting. */
const YOUNG_MB = 128

/** Plays every job in a thread of its own, as many at once as there are processors; the results come in the jobs' order. */
export async function playAll(jobs: readonly Job[], onEnd: (played: Played) => void): Promise<Played[]> {
  const results: Played[] = []
  const pending = jobs.entries()
  const playNext = async () => {
    for (const [index, job] of pending) {
      const played = await play(job)
      results[index] = played
      onEnd(played)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, playNext))
  return results
}

function play(job: Job): Promise<Played> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: job,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: 4_096 },
    })
    worker.once('message', (message) => resolve(playedSchema.parse(message)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`${job.name} ended with ${code} and without a result`)))
  })
}
