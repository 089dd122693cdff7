import { createHeap } from './heap.ts'

/** Time that passes only when everything that was to happen before has happened: a day of it takes seconds. */
export type VirtualTime = {
  /** Milliseconds since 1970. */
  now(): number
  sleep(ms: number): Promise<void>
  /**
   * Does something at a time; what is past is done as soon as possible. Answers with what calls it off.
   * @throws Error if the time is no number
   */
  schedule(at: number, act: () => void): () => void
  /** What `AbortSignal.timeout` is to real time. */
  timeout(ms: number): AbortSignal
  /**
   * Lets time pass, until `done` says so after some millisecond, until nothing is left to happen, or until a time has come
   * (what happens at that time has happened then). What an act throws ends it.
   */
  run(options?: { until?: number; done?: () => boolean }): Promise<'done' | 'idle' | 'until'>
}

type Event = { readonly at: number; readonly sequence: number; act: (() => void) | null }

/** Earlier first; of the same time, what was scheduled first. */
const before = (a: Event, b: Event) => (a.at === b.at ? a.sequence < b.sequence : a.at < b.at)

/** Whoever waits for more than promises, as a body that is read, may need another turn of the loop. */
const TURNS_BEFORE_IDLE = 5

/**
 * Everything that happens is an event of a whole millisecond. The events of one millisecond happen in the order in which they
 * were scheduled, then everything that waited for them goes on, and only then does time pass: so one seed makes one run.
 */
export function createVirtualTime(start: number): VirtualTime {
  const events = createHeap(before)
  let now = start
  let sequence = 0

  function schedule(at: number, act: () => void): () => void {
    if (!Number.isFinite(at)) throw new Error(`There is no time ${at}.`)
    const event: Event = { at: Math.max(now, Math.ceil(at)), sequence, act }
    sequence += 1
    events.push(event)
    return () => {
      event.act = null
    }
  }

  function next(): Event | undefined {
    while (events.peek()?.act === null) events.pop()
    return events.peek()
  }

  async function nextUnlessIdle(): Promise<Event | undefined> {
    for (let turn = 0; turn < TURNS_BEFORE_IDLE && next() === undefined; turn++) await drained()
    return next()
  }

  /** What it sets off for the same millisecond comes after everything that waited. */
  function happen(at: number): void {
    now = at
    const first = sequence
    for (let event = next(); event?.at === at && event.sequence < first; event = next()) {
      events.pop()
      event.act?.()
    }
  }

  return {
    now: () => now,
    schedule,
    sleep: (ms) =>
      new Promise((resolve) => {
        schedule(now + ms, resolve)
      }),
    timeout: (ms) => {
      const controller = new AbortController()
      schedule(now + ms, () =>
        controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      )
      return controller.signal
    },
    async run({ until = Number.POSITIVE_INFINITY, done = () => false } = {}) {
      await drained()
      while (!done()) {
        const event = await nextUnlessIdle()
        if (event === undefined) return 'idle'
        if (event.at > until) {
          now = Math.max(now, until)
          return 'until'
        }
        happen(event.at)
        await drained()
      }
      return 'done'
    },
  }
}

/** After this every promise that could go on has gone on. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
