import type { Clock } from '../platform/clock.ts'
import type { Gate } from '../upstream/gate.ts'
import type { Blocked } from '../upstream/passage.ts'
import type { PauseWatch } from './watch.ts'

/** What meets a pause looks again after so long: the longest delay that a queue takes. */
export const LOOK_AGAIN_MS = 15 * 60_000

/** Lets nobody call while the stage is paused: whoever is at work when that begins stops before the next call. */
export function pausable(gate: Gate, watch: PauseWatch, clock: Clock): Gate {
  async function shut(): Promise<Blocked | null> {
    const { since } = await watch.look()
    return since === null ? null : { kind: 'blocked', why: 'paused', until: clock.now() + LOOK_AGAIN_MS, since }
  }
  return {
    ...gate,
    look: async (lane, credential) => (await shut()) ?? gate.look(lane, credential),
    reserve: async (lane, calls, credential, ahead) => (await shut()) ?? gate.reserve(lane, calls, credential, ahead),
    enter: async (lane, credential) => (await shut()) ?? gate.enter(lane, credential),
  }
}
