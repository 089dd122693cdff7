import { CLICKUP } from '../../../core/clickup/provider.ts'
import { createGate, type GateServices } from '../../../core/upstream/gate.ts'
import type { Ended } from '../../../core/upstream/passage.ts'
import { NOTHING_TOLD, type Report, type Told } from '../../../core/upstream/rates.ts'
import { createMemoryStore } from './memory-store.ts'
import { silent } from './worker.ts'

export const START = 1_789_000_000_000

/** Workers with a gate each, on one state, at a time that the test sets. */
export function createGates(over: Partial<Pick<GateServices, 'store' | 'windows' | 'random' | 'sleep'>> = {}) {
  const clock = { time: START, now: () => clock.time }
  const memory = createMemoryStore()
  const { store = memory.store, windows = CLICKUP.windows, random = () => 0.5, sleep = async () => undefined } = over
  const warnings: Record<string, unknown>[] = []
  return {
    clock,
    state: memory.state,
    writes: memory.writes,
    warnings,
    worker: (limits: NonNullable<GateServices['limits']> = {}) =>
      createGate({
        ...{ store, windows, limits, clock, random },
        sleep,
        log: { ...silent, warn: (message, fields = {}) => void warnings.push({ message, ...fields }) },
      }),
  }
}

/** What an answer tells of the minute that it was counted in. */
export const tells = (limit: number, remaining: number, latest: number, earliest = latest - 2_000): Told => ({
  reports: [{ window: 'minute', limit, remaining, ends: { earliest, latest } } satisfies Report],
  ignored: 0,
  retryAt: null,
  resetAt: latest,
})

export const ended = (ended: Ended['ended'], over: Partial<Ended> = {}): Ended => ({
  ...{ ended, told: NOTHING_TOLD, credential: '1', probe: false },
  ...over,
})
