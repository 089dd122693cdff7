import type { Clock } from './clock.ts'

const MOST = 100

/** Holds something to so many a minute in the long run. */
export type Pace = {
  /** How many may go at once: what ten seconds allow, at least one. */
  most: number
  /** Waits until the next may go. */
  ready(): Promise<void>
  /** Says how many went. */
  took(items: number): void
}

/** The first go at once; time that something took by itself is not waited for again. */
export function createPace({
  perMinute,
  clock,
  sleep,
}: {
  perMinute: number
  clock: Clock
  sleep(ms: number): Promise<void>
}): Pace {
  let freeAt = clock.now()
  return {
    most: Math.min(MOST, Math.max(1, Math.floor(perMinute / 6))),
    async ready() {
      const wait = freeAt - clock.now()
      if (wait > 0) await sleep(wait)
    },
    took(items) {
      freeAt = Math.max(freeAt, clock.now()) + (items * 60_000) / perMinute
    },
  }
}
