import type { Clock } from '../platform/clock.ts'

export type CacheTimes = {
  /** How long a value is served without asking again. */
  lifeMs: number
  /** How much longer it is served when asking fails. */
  staleMs: number
  /**
   * After a failure that a stale value covered: how long nobody asks, so that an outage does not slow every delivery. Where no value
   * covers it, the first failure is forgotten at once, and the pauses after further ones grow up to this.
   */
  pauseMs: number
  /** `refresh` asks at most once in this time per key. */
  refreshEveryMs: number
}

export type Cached<Value> = {
  /** The value, at most `lifeMs` old, or `lifeMs + staleMs` while the source fails. Rejects as the source does. */
  get(key: string): Promise<Value>
  /**
   * Asks the source now, unless that was done less than `refreshEveryMs` ago: then, and when the source fails,
   * the current value. `refetched` is true for the one caller that caused a successful fetch.
   */
  refresh(key: string): Promise<{ value: Value; refetched: boolean }>
}

type Entry<Value> = { value: Value; fetchedAt: number; pausedUntil: number }
/** Failures in a row: the last, and until when nobody asks. */
type Failing = { count: number; error: unknown; until: number }

const FIRST_PAUSE_MS = 250

/**
 * A value per key, fetched when needed. Concurrent fetches of a key are one fetch; a failed one is forgotten, so the next
 * caller asks anew, but not as fast as callers come. Keys must come from a closed set: nothing is ever evicted.
 */
export function cached<Value>(
  fetch: (key: string) => Promise<Value>,
  { clock, lifeMs, staleMs, pauseMs, refreshEveryMs }: CacheTimes & { clock: Clock },
): Cached<Value> {
  const entries = new Map<string, Entry<Value>>()
  const running = new Map<string, Promise<Value>>()
  const refreshedAt = new Map<string, number>()
  const failing = new Map<string, Failing>()

  async function fetchAndKeep(key: string): Promise<Value> {
    // The age counts from the asking: the answer may be as old as that.
    const fetchedAt = clock.now()
    try {
      const value = await fetch(key)
      entries.set(key, { value, fetchedAt, pausedUntil: 0 })
      failing.delete(key)
      return value
    } catch (error) {
      const count = (failing.get(key)?.count ?? 0) + 1
      const pause = count === 1 ? 0 : Math.min(pauseMs, FIRST_PAUSE_MS * 2 ** (count - 2))
      failing.set(key, { count, error, until: clock.now() + pause })
      throw error
    } finally {
      running.delete(key)
    }
  }

  function fetchMerged(key: string): Promise<Value> {
    const already = running.get(key)
    if (already) return already
    const started = fetchAndKeep(key)
    running.set(key, started)
    return started
  }

  /** The stored value for which the source's failure is no failure yet. */
  function survivor(key: string): Entry<Value> | undefined {
    const entry = entries.get(key)
    return entry && clock.now() - entry.fetchedAt < lifeMs + staleMs ? entry : undefined
  }

  async function get(key: string): Promise<Value> {
    const now = clock.now()
    const entry = survivor(key)
    if (entry && (now - entry.fetchedAt < lifeMs || now < entry.pausedUntil)) return entry.value
    const failed = failing.get(key)
    // A process that has no value yet must not ask for every request of a flood.
    if (!entry && failed && now < failed.until) throw failed.error
    try {
      return await fetchMerged(key)
    } catch (error) {
      const stale = survivor(key)
      if (!stale) throw error
      stale.pausedUntil = clock.now() + pauseMs
      return stale.value
    }
  }

  async function refresh(key: string): Promise<{ value: Value; refetched: boolean }> {
    const now = clock.now()
    const last = refreshedAt.get(key)
    const joins = running.has(key)
    if (!joins && last !== undefined && now - last < refreshEveryMs) return { value: await get(key), refetched: false }
    // Marked before the answer and kept when it fails: a flood must not ask more often because the source is down.
    if (!joins) refreshedAt.set(key, now)
    try {
      return { value: await fetchMerged(key), refetched: !joins }
    } catch (error) {
      const current = survivor(key)
      if (!current) throw error
      return { value: current.value, refetched: false }
    }
  }

  return { get, refresh }
}
