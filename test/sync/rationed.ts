import type { ClickUp } from '../../core/clickup/client.ts'
import type { Answer } from '../../core/upstream/fault.ts'

const MINUTE = 60_000

/** ClickUp for a lane that has so many calls a minute, as a budget would let it through. */
export function rationed(clickup: ClickUp, clock: { now(): number }, perMinute: number): ClickUp {
  const state = { window: 0, calls: 0 }
  function admit(): Answer<never> | null {
    const window = Math.floor(clock.now() / MINUTE)
    if (window !== state.window) Object.assign(state, { window, calls: 0 })
    state.calls += 1
    return state.calls > perMinute ? { kind: 'rateLimited', until: (window + 1) * MINUTE } : null
  }
  return { ...clickup, get: async (path, schema) => admit() ?? clickup.get(path, schema) }
}
