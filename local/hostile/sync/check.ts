import { createRandom } from '../../clickup/random.ts'
import { createFindings, type Found } from '../found.ts'
import type { SyncBreak } from './breaks.ts'
import { fieldCases, pageCases, type SyncCase } from './cases.ts'
import { firstRows, trySync } from './trial.ts'

export type Trying = {
  seed: number
  /** How many of all that there are, drawn by the seed. */
  runs: number
  /** Only cases whose names contain it. */
  only: string | null
  broken: SyncBreak | null
}

/** Every listing, and every field of its rows as the fake answers it. */
async function syncCases(): Promise<SyncCase[]> {
  const fields = [...(await firstRows(1))].flatMap(([listing, row]) => fieldCases(listing, row))
  return [...pageCases(), ...fields]
}

/** Plays a small workspace for each case, one after the other. */
export async function trySyncAll({ seed, runs, only, broken }: Trying, note: (line: string) => void): Promise<Found> {
  const all = (await syncCases()).filter(({ name }) => only === null || name.includes(only))
  const chosen = createRandom(seed).shuffle(all).slice(0, runs)
  note(`Sweep and census are tried with ${chosen.length} listings`)
  const findings = createFindings()
  for (const [i, one] of chosen.entries()) {
    const { ending, faults } = await trySync(one, { seed: 1, broken })
    findings.add(one.name, ending, faults)
    if (i % 10 === 9) note(`${i + 1} of ${chosen.length} were tried`)
  }
  return findings.found()
}
