import type { Variation } from '../../virtual/variation.ts'

/** Long enough for a worker to save what it has not sent, and to die. */
const SAVED_BEFORE_MS = 5_000

/** Where a run has come to is saved before the queue has what it found. */
export const cursor: Variation = {
  syncServices: (services, { sleep }) => ({
    ...services,
    handOver: async (messages) => void sleep(SAVED_BEFORE_MS).then(() => services.handOver(messages)),
  }),
}
