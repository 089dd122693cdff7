import { setTimeout as pause } from 'node:timers/promises'

/** Something that goes on until it is stopped; what it throws comes out of `stop`. */
export type Regular = { stop(): Promise<void> }

/** Does something again and again. @param nextMs how long until the next time */
export function regularly(nextMs: () => number, act: () => Promise<void> | void): Regular {
  const ending = new AbortController()
  async function go(): Promise<void> {
    while (!ending.signal.aborted) {
      await pause(nextMs(), undefined, { signal: ending.signal })
      await act()
    }
  }
  const done = go().catch((error: unknown) => {
    if (!ending.signal.aborted) return error
    return undefined
  })
  return {
    async stop() {
      ending.abort()
      const error = await done
      if (error !== undefined) throw error
    },
  }
}
