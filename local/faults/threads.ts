import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import * as z from 'zod'
import { type Share, type Shared, sharedSchema } from './share.ts'

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run') }),
  z.object({ kind: z.literal('end'), shared: sharedSchema }),
])

/** A run makes many things that live for a moment: room for them saves most of the collecting. */
const YOUNG_MB = 128

/** Plays one subject in as many threads as there are processors, each a share of its runs. */
export async function playInThreads(whole: Omit<Share, 'part' | 'parts'>, onRun: () => void): Promise<Shared> {
  const parts = whole.at === null ? availableParallelism() : 1
  const all = await Promise.all(
    Array.from({ length: parts }, (_, part) => playInThread({ ...whole, part, parts }, onRun)),
  )
  const findings = all.flatMap((each) => each.findings)
  return {
    subject: whole.subject,
    calls: Math.max(...all.map(({ calls }) => calls)),
    compared: all.reduce((sum, { compared }) => sum + compared, 0),
    findings: findings.filter(({ again }, i) => findings.findIndex((one) => one.again === again) === i),
  }
}

function playInThread(share: Share, onRun: () => void): Promise<Shared> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: share,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    worker.on('message', (given) => {
      const message = messageSchema.parse(given)
      if (message.kind === 'run') onRun()
      else resolve(message.shared)
    })
    worker.once('error', reject)
    worker.once('exit', (code) =>
      reject(new Error(`A part of ${share.subject} ended with ${code} and without a result`)),
    )
  })
}
