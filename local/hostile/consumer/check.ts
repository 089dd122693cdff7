import { createRandom } from '../../clickup/random.ts'
import { saidCases } from '../clickup/answers.ts'
import { createFindings, type Found } from '../found.ts'
import type { ConsumerBreak } from './breaks.ts'
import { answerCases, bodyCases, type Case } from './cases.ts'
import { messageCases } from './messages.ts'
import { tryTogether } from './trial.ts'

export type Trying = {
  seed: number
  /** How many of all that there are, drawn by the seed; null for every one. */
  runs: number | null
  /** Only cases whose names contain it. */
  only: string | null
  broken: ConsumerBreak | null
}

/** A batch has ten messages, and two of them are valid. */
const TOGETHER = 8
/** After so many that fail, the rest would only take long. */
const ENOUGH = 40

export const consumerCases = (): Case[] => [...saidCases(), ...messageCases(), ...answerCases(), ...bodyCases()]

/** Those that are to be tried. */
function chosenOf({ seed, runs, only }: Pick<Trying, 'seed' | 'runs' | 'only'>): Case[] {
  const all = consumerCases().filter(({ name }) => only === null || name.includes(only))
  return runs === null || runs >= all.length ? all : createRandom(seed).shuffle(all).slice(0, runs)
}

/** Tries batches of hostile messages with valid ones among them. What breaks a promise is tried again alone, to be named. */
export async function tryConsumer(trying: Trying, note: (line: string) => void): Promise<Found> {
  const { broken } = trying
  const chosen = chosenOf(trying)
  note(`The consumer is tried with ${chosen.length} messages`)
  const unhandled: string[] = []
  const onUnhandled = (reason: unknown) => void unhandled.push(String(reason).slice(0, 200))
  process.on('unhandledRejection', onUnhandled)
  const findings = createFindings()
  let failing = 0
  try {
    for (const [i, some] of batchesOf(chosen).entries()) {
      if (failing >= ENOUGH) break
      const { endings, faults } = await tryTogether(
        some.map(({ make }, at) => make(String(at))),
        broken,
      )
      // What none of them shows alone, they do together.
      const alone = faults.length === 0 ? [] : await tryAlone(some, broken)
      const blamed = alone.some((each) => each.length > 0)
      for (const [at, { name }] of some.entries())
        findings.add(name, endings[at] ?? 'lost', blamed ? (alone[at] ?? []) : faults)
      failing += faults.length === 0 ? 0 : 1
      if (i % 100 === 99) note(`${findings.found().tried} of ${chosen.length} were tried`)
    }
  } finally {
    process.off('unhandledRejection', onUnhandled)
  }
  if (unhandled.length > 0)
    findings.add(
      'all',
      'unhandled',
      unhandled.map((text) => `a promise was left alone: ${text}`),
    )
  return findings.found()
}

/** An outage would be one for all: what ClickUp says is tried alone. */
function batchesOf(cases: readonly Case[]): Case[][] {
  const [said, others] = [true, false].map((is) => cases.filter(({ name }) => name.startsWith('said: ') === is))
  const batches = (said ?? []).map((one) => [one])
  for (let i = 0; i < (others ?? []).length; i += TOGETHER) batches.push((others ?? []).slice(i, i + TOGETHER))
  return batches
}

async function tryAlone(some: readonly Case[], broken: ConsumerBreak | null): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = []
  for (const { make } of some) all.push((await tryTogether([make('0')], broken)).faults)
  return all
}
