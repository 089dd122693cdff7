import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { changeAfter } from './after.ts'
import { barriersAt, isProbe, rightsToProbe, shutBy } from './barriers.ts'
import { allOf } from './change.ts'
import type { Lane } from './lane.ts'
import { generously, isAwaited, isQuiet, leaseAll, limitIn, openingFor, refusedIn, withWindows } from './opening.ts'
import type { Blocked, Ended, Passage } from './passage.ts'
import { createPool } from './pool.ts'
import type { WindowSpec } from './provider.ts'
import type { UpstreamStore } from './store.ts'
import type { View } from './view.ts'

/**
 * What every worker of a connection passes before it calls: the budget's lanes, the breaker and the token's fate, shared by
 * all of them. `credential` is the version of the secret that holds the token, never the token.
 */
export type Gate = {
  /** Whether and how much may be asked; takes nothing. */
  look(lane: Lane, credential?: string): Promise<Passage>
  /**
   * Sees to it that this worker has `calls` calls at hand, as far as possible, and tells how many it has: more where it
   * had more, or where the budget is so short that a few more in one write will not be left over.
   *
   * @param ahead so many more, where a write is needed anyhow and little of the window is taken: this worker's next calls cost none
   */
  reserve(lane: Lane, calls: number, credential?: string, ahead?: number): Promise<Passage>
  /** Asks for one call, to be made at once; `leave` tells how it ended. A probe is never repeated. */
  enter(lane: Lane, credential: string): Promise<{ kind: 'granted'; probe: boolean } | Blocked>
  /** Never rejects: an answer is not lost because what it says of the budget could not be written down. */
  leave(call: Ended): Promise<void>
}

export type GateServices = {
  store: UpstreamStore
  windows: readonly WindowSpec[]
  /** What is known of a window's limit beside its headers, by the window's name: what was set by hand, what the plan says. */
  limits?: Readonly<Record<string, { override?: number | undefined; known?: () => Promise<number | null> }>>
  clock: Clock
  /** A number from 0 to 1, for jitter. */
  random(): number
  sleep(ms: number): Promise<void>
  log: Log
}

/** Losing a race is rare; losing so many in a row means that others do the work. */
const ATTEMPTS = 6
const BUSY_MS = 1_000
/** Those who have waited for a window's end come one after the other, and the first of them opens the next one. */
const SPREAD_MS = 500

type Entry = { kind: 'granted'; probe: boolean } | Blocked

export function createGate({ store, windows, limits = {}, clock, random, sleep, log }: GateServices): Gate {
  const pool = createPool()
  let seen: View | null = null
  let underWay = 0
  /** The window in which calls of this worker were refused: what it held then is left out once. */
  let leftOutIn: number | null = null
  /** What a worker that is short of calls would ask for next. */
  let wish: { lane: Lane; calls: number } | null = null

  async function view(): Promise<View> {
    const [state, found] = await Promise.all([
      store.load(),
      Promise.all(
        windows.map(async ({ name }) => {
          const { override = null, known } = limits[name] ?? {}
          return [name, { override, known: (await known?.()) ?? null }] as const
        }),
      ),
    ])
    const byName = new Map(found)
    const limitsOf = ({ name }: WindowSpec) => byName.get(name) ?? { override: null, known: null }
    seen = { state, windows, limitsOf, now: clock.now() }
    return seen
  }

  async function look(lane: Lane, credential?: string): Promise<Passage> {
    const now = await view()
    const barriers = barriersAt(now, credential)
    const shut = shutBy(barriers) ?? refusedIn(now)
    if (shut !== null) return shut
    const atHand = pool.atHand(lane, now)
    const opening = openingFor(lane, now)
    const calls = atHand + (opening.kind === 'free' ? opening.calls : 0)
    if (opening.kind === 'blocked' && calls === 0) return opening
    return { kind: 'free', calls: isProbe(barriers) ? 1 : calls, limit: limitIn(now) }
  }

  async function reserve(lane: Lane, calls: number, credential?: string, ahead = 0): Promise<Passage> {
    if (calls < 1) return look(lane, credential)
    wish = { lane, calls }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const now = await view()
      const barriers = barriersAt(now, credential)
      const shut = shutBy(barriers) ?? refusedIn(now)
      if (shut !== null) return shut
      const atHand = pool.atHand(lane, now)
      const opening = openingFor(lane, now)
      const limit = limitIn(now)
      // The one probe is taken by whoever makes it.
      if (isProbe(barriers)) return opening.kind === 'free' ? { kind: 'free', calls: 1, limit } : opening
      if (atHand > 0 && (atHand >= calls || opening.kind === 'blocked')) return { kind: 'free', calls: atHand, limit }
      if (opening.kind === 'blocked') return opening
      if (attempt === 0 && isAwaited(opening)) {
        await sleep(random() * SPREAD_MS)
        continue
      }
      const taken = generously(calls - atHand, opening) + (isQuiet(opening, calls + ahead) ? ahead : 0)
      const { change, marks, next } = leaseAll(opening, taken, now.now)
      if (!(await store.apply(change))) continue
      seen = withWindows(now, next)
      pool.put(lane, taken, marks)
      return { kind: 'free', calls: atHand + taken, limit }
    }
    return busy()
  }

  async function enter(lane: Lane, credential: string): Promise<Entry> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const now = await view()
      const barriers = barriersAt(now, credential)
      const shut = shutBy(barriers) ?? refusedIn(now)
      if (shut !== null) return shut
      const probe = isProbe(barriers)
      if (!probe && pool.take(lane, now)) return granted(false)
      const opening = openingFor(lane, now)
      if (opening.kind === 'blocked') return opening
      if (attempt === 0 && isAwaited(opening)) {
        await sleep(random() * SPREAD_MS)
        continue
      }
      const { change, marks, next } = leaseAll(opening, 1, now.now)
      if (!(await store.apply(allOf([change, ...rightsToProbe(now, barriers, credential)])))) continue
      seen = withWindows(now, next)
      pool.put(lane, 1, marks)
      // A write that took too long has brought a lease that is dead. The probe is made all the same: nobody else may.
      if (pool.take(lane, { ...seen, now: clock.now() }) || probe) return granted(probe)
    }
    return busy()
  }

  function granted(probe: boolean): Entry {
    underWay += 1
    return { kind: 'granted', probe }
  }

  /** Others are at it all the time. */
  function busy(): Blocked {
    const now = clock.now()
    return { kind: 'blocked', why: 'spent', until: now + BUSY_MS, since: now }
  }

  async function leave(call: Ended): Promise<void> {
    underWay -= 1
    const held = pool.held()
    const outstanding = held + underWay
    // What was reserved in a window that refuses calls is worth nothing.
    if (call.ended === 'rateLimited') pool.drop()
    const after = (now: View) => {
      const again = leftOutIn === beganLast(now)
      return changeAfter(now, { call, atHand: held, outstanding: again ? 0 : outstanding, wish })
    }
    try {
      if (seen === null || after({ ...seen, now: clock.now() }) === null) return
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const now = await view()
        const step = after(now)
        if (step === null) return
        if (!(await store.apply(step.change))) continue
        if (call.ended === 'rateLimited') leftOutIn = beganLast(now)
        if (step.lent !== null && wish !== null) pool.put(wish.lane, step.lent.calls, [step.lent.mark])
        return
      }
    } catch (error) {
      log.warn('What an answer says of budget and health could not be written down', { error })
    }
  }

  return { look, reserve, enter, leave }
}

const beganLast = ({ state }: View) => Math.max(0, ...Object.values(state.windows).map(({ begun }) => begun))
