import { READ_LAG_MS } from '../../tasks/observe.ts'
import type { Passage } from '../../upstream/passage.ts'
import { blockedOutcome, deferred } from '../defer.ts'
import type { Reading } from '../settings.ts'
import type { Deferred } from '../work.ts'
import { type DeskView, isStormy, REMEMBERED_MS, type Stretch } from './desk.ts'

/** A task that has to be read for changes of this batch. */
export type StaleTask = {
  id: string
  /** The oldest and the newest of the changes, on ClickUp's clock. */
  from: number
  to: number
  /** When its snapshot was read; 0 when there is none. */
  observedAt: number
  /** Only comments want it, which can do without: a comment is no part of a task's state. */
  optional: boolean
}

/** What is to be done for the stale tasks of a batch: each is in exactly one of `singly`, `listed`, `without` and `waits`. */
export type Plan = {
  /** To be read one by one. */
  singly: string[]
  /** To be found in what this worker lists; null when it does not list. */
  listing: { since: number; stretches: Stretch[]; expected: number } | null
  listed: string[]
  /** Not to be read: what wants them does without. */
  without: string[]
  waits: ReadonlyMap<string, Deferred>
  /** What the desk has to be told: so many have come to wait for the next listing, the oldest change being of `since`. */
  join: { count: number; since: number; nextListingAt: number } | null
  /** The storm is over. */
  calm: boolean
}

export type PlanContext = { desk: DeskView; passage: Passage; now: number; reading: Reading }

/** Of what waits, so many are changes of one task, or their twins. */
export const CHANGES_PER_TASK = 3
/** So many listings are remembered; what none of them brought is in none. */
export const LISTINGS = 3
/** When fewer than this wait for a listing, reading them singly is as cheap: a listing takes two calls at least. */
const FEW_WAITING = 3
/** Listings that break off again and again leave more behind than this: then all of it is begun anew. */
const MOST_LEFT = 8
const AT_ONCE_MS = 2_000
/** Older changes are no part of a storm. */
const HORIZON_MS = 15 * 60_000
const LOOK_AGAIN_MS = 15_000

/**
 * Decides how the stale tasks of a batch are read. A lone change is read at once, by a call of its own. When more was read
 * singly in the last seconds than the budget bears, a storm has begun: from then on changed tasks wait for a listing, a
 * hundred tasks a call, until so little waits that single reads are cheaper again.
 */
export function planReads(stale: readonly StaleTask[], context: PlanContext): Plan {
  const { desk, passage, now, reading } = context
  const waits = new Map<string, Deferred>()
  const due: StaleTask[] = []
  for (const task of stale) {
    const again = lastRead(task, desk, now) + reading.debounceMs
    if (now < again) waits.set(task.id, deferred('debounce', again))
    else due.push(task)
  }
  const plan: Plan = { singly: [], listing: null, listed: [], without: [], waits, join: null, calm: false }
  if (due.length === 0) return plan
  const isStorm = isStormy(desk, now)
  if (passage.kind === 'free' && !isStorm && isCalm(due.length, context))
    return singly({ ...plan, calm: desk.stormSince > 0 }, due, passage, now)
  // A task that was never read is read for a comment when calls are plentiful, and else left to its next change.
  const without = due.filter(({ optional }) => optional).map(({ id }) => id)
  const wanted = due.filter(({ optional }) => !optional)
  if (passage.kind === 'blocked') return waiting({ ...plan, without }, wanted, blockedOutcome(passage, now))
  if (!isStorm) return join({ ...plan, without }, wanted, now + READ_LAG_MS)
  return inStorm({ ...plan, without }, wanted, { desk, passage, now })
}

type StormContext = { desk: DeskView; passage: Passage & { kind: 'free' }; now: number }

function inStorm(plan: Plan, due: readonly StaleTask[], { desk, passage, now }: StormContext): Plan {
  // They are in no listing, or no listing shows that they changed.
  const missed = due.filter((task) => wasListed(task, desk))
  const others = due.filter((task) => !missed.includes(task))
  const rest = singly(plan, missed, passage, now)
  if (others.length === 0) return rest
  if (now < desk.listingUntil) {
    // It is not known how many pages there are: whoever waits looks again before that could be long over.
    const until = Math.min(Math.max(desk.listingEnds, now + 1_000), now + LOOK_AGAIN_MS)
    return join(rest, others, until, ({ to }) => to + READ_LAG_MS > desk.begunAt)
  }
  if (now < desk.nextListingAt) return join(rest, others, desk.nextListingAt)
  const recent = others.filter(({ from }) => from > now - HORIZON_MS)
  const isOver = recent.length + desk.waiting / CHANGES_PER_TASK <= FEW_WAITING && desk.todo.length === 0
  if (isOver) return singly({ ...rest, calm: true }, others, passage, now)
  // Long gone changes would have a listing go back to them: what is owed of them is gathered and read apart.
  const old = others.filter((task) => !recent.includes(task))
  const aside = waiting(rest, old, deferred('listing', now + LOOK_AGAIN_MS))
  return recent.length === 0 ? aside : list(aside, recent, desk)
}

/** Whether so many more single reads are few: a lone change goes ahead, and so does a larger plan's busy day. */
function isCalm(count: number, { desk, passage, now, reading }: PlanContext): boolean {
  const since = (ms: number) => Object.values(desk.reads).filter((at) => at > now - ms).length
  const limit = passage.kind === 'free' ? passage.limit : 0
  const few = Math.max(reading.fewReads, Math.floor(limit / 25))
  // A third of them at once is the beginning of more.
  return count + since(REMEMBERED_MS) <= few && count + since(AT_ONCE_MS) <= few / 3
}

function lastRead({ id, observedAt }: StaleTask, desk: DeskView, now: number): number {
  // ClickUp's clock may be ahead of ours: a read that is yet to come holds nothing back.
  return Math.max(desk.reads[`task#${id}`] ?? 0, observedAt <= now ? observedAt : 0)
}

/**
 * Whether listing after listing should have brought a task and did not. One may miss it all the same: a task that changes
 * again while it is paged moves from a page that is to come to one that was.
 */
const wasListed = ({ from, to }: StaleTask, { listed }: DeskView): boolean =>
  listed.length >= LISTINGS && listed.every((listing) => from >= listing.from && to + READ_LAG_MS <= listing.at)

function waiting(plan: Plan, tasks: readonly StaleTask[], wait: Deferred): Plan {
  return { ...plan, waits: new Map([...plan.waits, ...tasks.map(({ id }) => [id, wait] as const)]) }
}

function singly(plan: Plan, tasks: readonly StaleTask[], passage: Passage & { kind: 'free' }, now: number): Plan {
  const affordable = tasks.slice(0, passage.calls).map(({ id }) => id)
  const planned = { ...plan, singly: [...plan.singly, ...affordable] }
  // What the budget does not bear at once may be borne in a moment, by what others give back or by the next window.
  return waiting(planned, tasks.slice(passage.calls), deferred('rateLimited', now + READ_LAG_MS))
}

/** Waits for a listing, and tells for how many it is made. */
function join(
  plan: Plan,
  tasks: readonly StaleTask[],
  until: number,
  isCounted: (task: StaleTask) => boolean = () => true,
): Plan {
  const waited = waiting(plan, tasks, deferred('listing', until))
  const counted = tasks.filter((task) => isCounted(task) && task.from > until - HORIZON_MS)
  if (counted.length === 0) return waited
  const since = Math.min(...counted.map(({ from }) => from))
  return { ...waited, join: { count: counted.length, since, nextListingAt: until } }
}

function list(plan: Plan, tasks: readonly StaleTask[], desk: DeskView): Plan {
  const todo = desk.todo.length > MOST_LEFT ? [] : desk.todo
  const left = desk.todo.filter((one) => !todo.includes(one)).map((one) => one.since)
  const waiting = desk.waitingSince === 0 ? [] : [desk.waitingSince]
  const oldest = Math.min(...tasks.map(({ from }) => from), ...waiting, ...left)
  // What an unfinished listing has seen already, or is still to see, need not be listed again.
  const since = todo.length === 0 ? oldest : Math.max(oldest, desk.begunAt - READ_LAG_MS)
  // One that was not begun reaches up to now by itself.
  const isOpen = (archived: boolean) => todo.some((one) => one.archived === archived && one.until === null)
  const stretches = [false, true].flatMap((archived) =>
    isOpen(archived) ? [] : { since, until: null, page: 0, archived },
  )
  return {
    ...plan,
    listed: tasks.map(({ id }) => id),
    listing: { since: oldest, stretches: [...stretches, ...todo], expected: tasks.length + desk.waiting },
  }
}
