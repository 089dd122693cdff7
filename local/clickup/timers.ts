/** What the fake waits by, passed in so that a simulation can let its own time pass. */
export type Timers = {
  /** Does something after so many milliseconds. Answers with what calls it off. */
  after(ms: number, act: () => void): () => void
  /** Does something as soon as others have had their turn. */
  soon(act: () => void): void
  /** Milliseconds since some beginning: only differences mean something. */
  elapsed(): number
}

export const systemTimers: Timers = {
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  soon: (act) => void setImmediate(act),
  elapsed: () => performance.now(),
}

export const pause = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => {
    timers.after(ms, resolve)
  })

/** How long something took, to a hundredth of a millisecond. */
export const since = (timers: Timers, begun: number): number => Math.round((timers.elapsed() - begun) * 100) / 100
