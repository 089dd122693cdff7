import { type Regular, regularly } from '../check/regularly.ts'
import type { Random } from '../clickup/random.ts'
import type { RunningStack } from '../stack/stack.ts'

export type Restarts = Regular & {
  /** Ends every process that there is now. */
  all(): void
  /** How many have been ended. */
  count(): number
}

/** Ends verifiers at random, between deliveries or when they have answered the one they have: so that cold ones appear. */
export function startRestarts(
  { functions }: Pick<RunningStack, 'functions'>,
  random: Random,
  everyMs: { min: number; max: number },
): Restarts {
  const verifier = functions.find(({ name }) => name.endsWith('-verifier'))
  if (verifier === undefined) throw new Error('The template has no verifier')
  let count = 0
  const pids = () => verifier.processes().map(({ pid }) => pid)
  const end = (chosen: readonly number[]) => {
    for (const pid of chosen) verifier.recycle(pid)
    count += chosen.length
  }
  let before: number[] = []
  const regular = regularly(
    () => random.int(everyMs.min, everyMs.max),
    () => {
      const all = pids()
      // One that was there the last time can answer: Lambda would start as many as are needed, and this machine does not.
      const warm = all.filter((pid) => before.includes(pid))
      before = all
      if (all.length === 1 || warm.length > 1) end([random.pick(warm.length > 1 ? warm : all)])
    },
  )
  return { ...regular, all: () => end(pids()), count: () => count }
}
