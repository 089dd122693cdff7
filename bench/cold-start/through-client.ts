import * as z from 'zod'
import type { Figure } from '../figure.ts'
import { median } from '../interleaved.ts'
import { startThrough } from './runtime-client.ts'

/** A module that is started; `expects200`: it is given a delivery, which has to be accepted. */
export type Started = { name: string; module: string; event: unknown; expects200: boolean }

type Part = 'initMs' | 'wholeMs'
type Order = { entry: string; rounds: number; env: Readonly<Record<string, string>> }

const answerSchema = z.object({ statusCode: z.number() })

/**
 * The same starts as Lambda does them, through the runtime interface client: from the start of a process until it asks for work,
 * which is what Lambda calls the init phase, and until its first answer. In turn, medians; `refused`: deliveries not answered 200.
 */
export async function throughClient(modules: readonly Started[], { entry, rounds, env }: Order) {
  const subjects = modules.map((module) => ({ ...module, times: { initMs: [] as number[], wholeMs: [] as number[] } }))
  let refused = 0
  for (let round = 0; round < rounds; round += 1) {
    for (const { module, event, expects200, times } of subjects) {
      const { initMs, wholeMs, answer } = await startThrough(entry, module, event, env)
      times.initMs.push(initMs)
      times.wholeMs.push(wholeMs)
      if (expects200 && answerSchema.safeParse(answer).data?.statusCode !== 200) refused += 1
    }
  }
  const of = (name: string, part: Part) => median(subjects.find((each) => each.name === name)?.times[part] ?? [])
  return { figures: figuresOf(of), refused }
}

/** The modules that it takes, by name. */
export const THROUGH_CLIENT: readonly string[] = [
  ...['empty', 'same calls', 'verifier', 'verifier, SDK', 'consumer', 'consumer, SDK'],
]

function figuresOf(of: (name: string, part: Part) => number): Figure[] {
  const figure = (what: string, part: Part, name: string, [other, called]: [string, string], most?: number): Figure => {
    const [ours, value] = [of(name, part), of(other, part)]
    const aim = most === undefined ? null : { text: `≤ ${most} ×`, holds: ours <= most * value, decides: false }
    return { figure: `${name} in the runtime: ${what}`, ours, unit: 'ms', beside: { what: called, value }, aim }
  }
  const EMPTY: [string, string] = ['empty', 'an empty handler']
  const sdk = (name: string): [string, string] => [`${name}, SDK`, 'its SDK clients alone']
  return [
    figure('init', 'initMs', 'verifier', sdk('verifier'), 1.25),
    figure('init', 'initMs', 'verifier', EMPTY),
    figure('to its first answer', 'wholeMs', 'verifier', ['same calls', 'the same two calls alone'], 1.25),
    figure('to its first answer', 'wholeMs', 'verifier', EMPTY),
    figure('init', 'initMs', 'consumer', sdk('consumer'), 1.25),
    figure('init', 'initMs', 'consumer', EMPTY),
    figure('to its first answer, an empty batch', 'wholeMs', 'consumer', sdk('consumer'), 1.25),
  ]
}
