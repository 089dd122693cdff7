import type { Fetch } from '../../../core/upstream/exchange.ts'
import type { VirtualTime } from '../../../local/virtual/time.ts'

export type WindowKind =
  /** Begins with the first call after the last one has ended. */
  | { kind: 'byCall' }
  /** One after the other, whoever calls. */
  | { kind: 'aligned'; phase: number }

export type ProviderOptions = {
  time: VirtualTime
  window: WindowKind
  ms: number
  limit: number
  /** How far its clock is ahead. */
  aheadMs: number
  /** What it says of its limit; null: nothing. */
  told: number | null
  /** On the way there, on the way back, in milliseconds. */
  there(): number
  back(): number
  /** What it answers to a call that it counts. */
  status?(): number
}

/** Fixed windows, counted when they are used; `start` is on our clock. */
export function createWindows(time: VirtualTime, kind: WindowKind, ms: number) {
  const all: { start: number; calls: number; refused: number }[] = []
  function current() {
    const now = time.now()
    const last = all.at(-1)
    const start = kind.kind === 'byCall' ? now : now - ((now - kind.phase) % ms)
    if (last !== undefined && (kind.kind === 'byCall' ? now < last.start + ms : last.start === start)) return last
    const next = { start, calls: 0, refused: 0 }
    all.push(next)
    return next
  }
  return { all, current }
}

/** A provider with fixed windows that counts what arrives, whatever it answers. */
export function createProvider(options: ProviderOptions) {
  const { time, ms, limit, aheadMs, told } = options
  const { all: windows, current } = createWindows(time, options.window, ms)

  const answer = (status: number, start: number, used: number) =>
    new Response('{}', {
      status,
      headers: {
        date: new Date(time.now() + aheadMs).toUTCString(),
        ...(told === null
          ? {}
          : {
              'x-ratelimit-limit': String(told),
              'x-ratelimit-remaining': String(Math.max(0, told - used)),
              'x-ratelimit-reset': String(Math.ceil((start + ms + aheadMs) / 1000)),
            }),
      },
    })

  const fetch: Fetch = async (_url, init) => {
    await time.sleep(options.there())
    const counted = current()
    const fits = counted.calls < limit
    if (fits) counted.calls += 1
    else counted.refused += 1
    const status = fits ? (options.status?.() ?? 200) : 429
    const response = answer(status, counted.start, counted.calls)
    await time.sleep(options.back())
    init.signal?.throwIfAborted()
    return response
  }

  return {
    fetch,
    windows,
    /** Somebody else's calls with the same token. */
    use(calls: number): void {
      current().calls += calls
    },
  }
}
