import { setTimeout as pause } from 'node:timers/promises'
import type { People } from '../check/people.ts'
import type { FakeClickUp } from '../clickup/server.ts'

export type Load = {
  /** Stops it, and answers what it was. */
  stop(): Promise<Loaded>
  /** Deliveries that ClickUp has put on their way so far. */
  sent(): number
}

/** From the first act to the last; times are milliseconds since 1970. */
export type Loaded = { deliveries: number; from: number; to: number }

/** When it falls behind by more than this, what was not sent is not made up for: a burst would be another load. */
const MOST_BEHIND_MS = 2_000
/** A ClickUp that cannot get rid of more than this has enough: what a slow machine takes in a second is the load that it bears. */
const MOST_UNDER_WAY_MS = 1_000
const IDLE_MS = 2

/**
 * Has people act so that so many deliveries leave a second. An act makes two for each webhook that hears of it, and while one
 * replaces another there are two or none: so it is paced by what is sent, and by acts while there is nobody to send to.
 *
 * @param onAct after each act
 */
export function startLoad(
  clickup: FakeClickUp,
  people: People,
  { rate, onAct }: { rate: number; onAct(): void },
): Load {
  const { log } = clickup
  let due = 0
  let at = performance.now()
  let seen = log.next()
  let sent = 0
  let paced = 0
  let stopped = false

  async function go(): Promise<Loaded> {
    const from = Date.now()
    while (!stopped) {
      const now = performance.now()
      due = Math.min(due + ((now - at) * rate) / 1_000, paced + (MOST_BEHIND_MS * rate) / 1_000)
      at = now
      if (paced >= due || clickup.undelivered() > (MOST_UNDER_WAY_MS * rate) / 1_000) {
        await pause(IDLE_MS)
        continue
      }
      await people.act(1)
      onAct()
      const entries = log.entries(seen)
      seen = log.next()
      const deliveries = entries.filter(({ kind }) => kind === 'delivery').length
      sent += deliveries
      paced += deliveries || USUAL_DELIVERIES
    }
    return { deliveries: sent, from, to: Date.now() }
  }
  const done = go()
  // What went wrong is told to whoever stops it.
  done.catch(() => undefined)

  return {
    sent: () => sent,
    stop: () => {
      stopped = true
      return done
    },
  }
}

/** Of an act that one webhook hears of. */
const USUAL_DELIVERIES = 2
