import type { Clock } from '../platform/clock.ts'
import type { Rate } from './rate.ts'

/** One write in so long and per container is enough to see where the limit stands. */
const EVERY_MS = 5_000

export type RateKeeper = {
  note(connection: string, rate: Rate | null): void
  /** Saves what is new, not too often. Rejects as `save` does; what was not saved is tried again next time. */
  flush(): Promise<void>
}

/** Keeps what the answers said of the limit, so that an operator can see it; nothing is decided by it. */
export function createRateKeeper({
  clock,
  save,
}: {
  clock: Clock
  save(connection: string, rate: Rate): Promise<void>
}): RateKeeper {
  const noted = new Map<string, Rate>()
  const savedAt = new Map<string, number>()
  return {
    note(connection, rate) {
      const known = noted.get(connection)
      if (rate === null) return
      // Answers of one window overtake each other: the lowest count is the latest.
      if (known?.resetAt === rate.resetAt && known.remaining < rate.remaining) return
      noted.set(connection, rate)
    },
    async flush() {
      const now = clock.now()
      const due = [...noted].filter(([connection]) => now - (savedAt.get(connection) ?? 0) >= EVERY_MS)
      await Promise.all(
        due.map(async ([connection, rate]) => {
          await save(connection, rate)
          savedAt.set(connection, now)
          noted.delete(connection)
        }),
      )
    },
  }
}
