import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import type { Line } from '../../local/virtual/telemetry.ts'
import { BREAKS, isBreak } from './breaks.ts'
import { BY_NAME, SCENARIOS } from './scenarios/index.ts'
import { simulate } from './simulate.ts'

const jobSchema = z.object({
  name: z.string(),
  seed: z.number(),
  kind: z.enum(['hookline', 'naive']),
  breaks: z.string().nullable(),
  quick: z.boolean(),
})
export type Job = z.infer<typeof jobSchema>

/** Warnings and errors by what they say. */
const logged = new Map<string, number>()

function keep({ level, message, fields }: Line): void {
  if (level === 'info') return
  const { reason, error } = fields
  const cause = error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : ''
  const text = [level, message, typeof reason === 'string' ? reason : '', cause]
    .filter((part) => part !== '')
    .join(' · ')
  logged.set(text, (logged.get(text) ?? 0) + 1)
}

const { name, seed, kind, breaks, quick } = jobSchema.parse(workerData)
const scenario = [...SCENARIOS, ...BY_NAME].find((each) => each.name === name)
if (scenario === undefined) throw new Error(`There is no scenario ${name}.`)
const variation = breaks !== null && isBreak(breaks) ? BREAKS[breaks] : {}
const result = await simulate((quick ? scenario.quick : undefined) ?? scenario, { seed, kind, variation, onLine: keep })
parentPort?.postMessage({ result, logged: [...logged] })
