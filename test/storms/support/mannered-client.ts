import type { ClickUp } from '../../../core/clickup/client.ts'
import type { Run } from '../../../local/virtual/run.ts'

export type Manners = {
  /** Calls that it allows itself in a window of a minute. */
  limit: number
  /** One count for all workers. */
  shared: boolean
  /** Whether a 429 ends the window, and lowers the limit from then on. */
  heeds?: 'others too' | 'never'
}

/** Clients that count what all of them call in windows as the fake has them, with manners that a test gives them. */
export function client({ limit, heeds = 'never' }: Manners): (run: Run) => ClickUp {
  let believed = limit
  let window = { ends: 0, taken: 0 }
  return ({ time, clickup }) => {
    const passage = (calls: number) => {
      const now = time.now()
      if (now >= window.ends) window = { ends: now + 60_001, taken: 0 }
      const free = Math.min(calls, believed - window.taken)
      if (free <= 0) return { kind: 'blocked', why: 'spent', until: window.ends, since: now } as const
      window.taken += free
      return { kind: 'free', calls: free, limit: believed } as const
    }
    return {
      get: async (path) => {
        const response = await clickup.fetch(`${clickup.url}/v2${path}`, {
          headers: { authorization: clickup.tokens.service },
        })
        if (response.status !== 429 || heeds === 'never') return { kind: 'gone' }
        believed = Math.min(believed, 60)
        window.taken = limit
        return { kind: 'rateLimited', until: window.ends }
      },
      send: async () => ({ kind: 'gone' }),
      look: async () => passage(0),
      reserve: async (calls) => passage(calls),
    }
  }
}
