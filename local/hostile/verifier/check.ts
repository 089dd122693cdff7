import { bothOf, createFindings, type Found } from '../found.ts'
import { bombCases } from './bombs.ts'
import { broken, type VerifierBreak } from './breaks.ts'
import type { Case } from './case.ts'
import { type Door, openDoor } from './door.ts'
import { encodingCases } from './encodings.ts'
import { eventCases } from './events.ts'
import { fuzzCases } from './fuzz.ts'
import { QUICK, tryGrowth } from './growth.ts'
import { headerCases } from './headers.ts'
import { judge } from './judge.ts'
import { sizeCases } from './sizes.ts'

export type Trying = {
  seed: number
  /** How many by chance, beside all that are written down. */
  runs: number
  /** Only cases whose names contain it. */
  only: string | null
  broken: VerifierBreak | null
}

/** Everything that is written down, and so much by chance. */
export const verifierCases = ({ seed, runs }: Pick<Trying, 'seed' | 'runs'>): Case[] => [
  ...eventCases(),
  ...headerCases(),
  ...encodingCases(),
  ...sizeCases(),
  ...bombCases(),
  ...fuzzCases(seed, runs),
]

/** Knocks with every case, one after the other. */
export async function tryVerifier(trying: Trying, note: (line: string) => void): Promise<Found> {
  const { only } = trying
  const chosen = verifierCases(trying).filter(({ name }) => only === null || name.includes(only))
  const door = await openDoor()
  try {
    const its = trying.broken === null ? door : broken(door, trying.broken)
    note(`The verifier is tried with ${chosen.length} requests`)
    if (trying.broken === 'square') return await tryGrowth(its, QUICK)
    const tried = await tryAll(its, chosen)
    if (only !== null && !'growth'.startsWith(only)) return tried
    note('It is tried whether time grows with the bytes and no faster')
    return bothOf(tried, await tryGrowth(its))
  } finally {
    await door.close()
  }
}

/** Knocks with these. */
export async function tryAll(door: Door, cases: readonly Case[]): Promise<Found> {
  const findings = createFindings()
  for (const { name, make } of cases) {
    const made = make()
    const { ending, faults } = judge(made, await door.knock(made.event))
    findings.add(name, ending, faults)
  }
  return findings.found()
}
