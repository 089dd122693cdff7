import type { Gate } from '../../core/upstream/gate.ts'

/** A gate that lets everything in and remembers nothing. */
export const openGate: Gate = {
  look: async () => ({ kind: 'free', calls: 95, limit: 100 }),
  reserve: async (_lane, calls) => ({ kind: 'free', calls, limit: 100 }),
  enter: async () => ({ kind: 'granted', probe: false }),
  leave: async () => undefined,
}
