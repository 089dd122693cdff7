import type { ConnectionRecord } from '../../clickup/connection-record.ts'
import { type UpdatedPage, updatedTasks } from '../../clickup/updated-tasks.ts'
import { READ_LAG_MS } from '../../tasks/observe.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import type { Answer, Fault } from '../../upstream/fault.ts'
import type { Services } from '../services.ts'
import type { DeskView, Stretch } from './desk.ts'
import { CHANGES_PER_TASK, LISTINGS } from './plan.ts'
import { putPage } from './put-page.ts'

/** What a worker is to list, having taken the right to. */
export type Listing = {
  record: ConnectionRecord
  desk: DeskView
  /** The oldest change that waits, and when the first of the listings began that end with this one. */
  since: number
  begunAt: number
  /** After this no page is begun: it might come when the right to list is another's. */
  until: number
  stretches: readonly Stretch[]
  /** About how many tasks wait. */
  expected: number
  /** The tasks of this batch that are to be found: they are put whatever is stored of them. */
  ids: ReadonlySet<string>
}

/** A page pays while it brings more news than as many calls for single tasks would. */
const NEWS_THAT_PAY = 3
const PAGES_AT_ONCE = 5
/**
 * On the smallest plan the next listing waits so long for each task that changes in a second: the more change, the more it
 * pays to gather them, and to read once what changes twice.
 */
const PAUSE_MS = 1_200
const SMALLEST_LIMIT = 100
const MAX_PAUSE_MS = 45_000

type Progress = {
  calls: number
  /** Calls that were reserved and not made yet. */
  atHand: number
  /** Pages that brought less than they cost, and what all of them have brought. */
  unpaid: number
  news: number
  todo: Stretch[]
  reverse: boolean
  /** Whether the other order has been asked for: an answer that takes no notice is gone through as it comes. */
  turned: boolean
  stoppedUntil: number
}

/**
 * Reads what was updated since the oldest change that waits, a hundred tasks a call, and puts everything that a page brings:
 * the changes of the others find it when they come. Answers with the snapshots of the tasks that this batch wanted.
 */
export async function list(listing: Listing, services: Services): Promise<ReadonlyMap<string, Snapshot>> {
  const found = new Map<string, Snapshot>()
  const progress: Progress = {
    calls: 0,
    atHand: 0,
    unpaid: 0,
    news: 0,
    todo: [...listing.stretches],
    reverse: listing.desk.reverse,
    turned: false,
    stoppedUntil: 0,
  }
  try {
    // A stretch stays on the list until it is done with: whatever breaks off here, somebody goes on with it.
    for (let [stretch] = progress.todo; stretch !== undefined; [stretch] = progress.todo) {
      const rest = await listStretch(stretch, { listing, progress, found }, services)
      progress.todo.splice(0, 1, ...(rest === null ? [] : [rest]))
      if (rest !== null) break
    }
  } finally {
    await end(listing, progress, services)
  }
  return found
}

/** A few at a time, just before they are made: what is reserved and not used is lost to everybody else. */
async function reservePages({ clickup }: Services): Promise<number> {
  const passage = await clickup.reserve(PAGES_AT_ONCE)
  return passage.kind === 'free' ? passage.calls : 0
}

/**
 * Out of time, another invocation goes on at once. A budget that is spent holds back its own lane, which finds that out by
 * itself, and nobody else.
 */
const goOnAt = (fault: Fault, now: number): number => (fault.kind === 'outOfTime' ? now : now + READ_LAG_MS)

type Context = { listing: Listing; progress: Progress; found: Map<string, Snapshot> }

/** Lists one stretch as long as that pays; answers what of it has to be left to another invocation. */
async function listStretch(stretch: Stretch, context: Context, services: Services): Promise<Stretch | null> {
  const { listing, progress } = context
  const { connection, clock } = services
  let rest: Stretch | null = stretch
  while (rest !== null) {
    if (clock.now() > listing.until) return rest
    if (progress.atHand === 0) progress.atHand = await reservePages(services)
    const answer: Answer<UpdatedPage> = await updatedTasks(services.clickup, {
      workspaceId: listing.record.workspaceId,
      span: rest,
      archived: stretch.archived,
      reverse: progress.reverse,
      spaceIds: connection.filter.spaces ?? [],
      listIds: connection.filter.lists ?? [],
    })
    if (answer.kind !== 'ok') {
      const isOver = answer.kind === 'gone' || answer.kind === 'noAccess' || answer.kind === 'invalid'
      progress.stoppedUntil = goOnAt(answer, clock.now())
      services.log.warn('A listing of changed tasks stopped', { reason: answer.kind, calls: progress.calls })
      return isOver ? null : rest
    }
    progress.calls += 1
    progress.atHand = Math.max(0, progress.atHand - 1)
    const { value: page } = answer
    const news = await putPage(page, { wanted: listing.ids, found: context.found }, services)
    if (page.broken > 0) services.metrics.count('AnswersUnreadable', page.broken)
    if (page.oldestFirst && page.rest !== null && !progress.turned) {
      // What changed last is what waits: from the other end, every page pays until none does.
      progress.reverse = !progress.reverse
      progress.turned = true
      continue
    }
    rest = page.rest === null ? null : { ...page.rest, archived: stretch.archived }
    progress.news += news
    if (news < NEWS_THAT_PAY) rest = withoutNews(rest, page, context)
  }
  return null
}

/**
 * Where to go on behind a page that brought next to nothing: behind what the last listing has seen already, or on while such
 * pages are few against what is still to be found. Nowhere when single reads are cheaper.
 */
function withoutNews(rest: Stretch | null, page: UpdatedPage, { listing, progress }: Context): Stretch | null {
  if (rest === null) return null
  const { reached, oldestFirst } = page
  const [seen] = listing.desk.listed
  if (!oldestFirst && seen !== undefined && reached >= seen.from && reached <= seen.at - READ_LAG_MS)
    return seen.from > rest.since ? { ...rest, until: seen.from, page: 0 } : null
  progress.unpaid += 1
  return progress.unpaid * NEWS_THAT_PAY > listing.expected / CHANGES_PER_TASK - progress.news ? null : rest
}

/** Gives the right back, and says when the next listing pays. */
async function end({ desk, since, begunAt, expected }: Listing, progress: Progress, services: Services) {
  const { desk: store, clickup, clock, log } = services
  const now = clock.now()
  const passage = await clickup.look()
  const limit = passage.kind === 'free' ? passage.limit : SMALLEST_LIMIT
  const gatheredMs = begunAt - Math.max(desk.stormSince, desk.listed[0]?.at ?? 0)
  const newsPerSecond = progress.news / Math.max(1, gatheredMs / 1000)
  const pause = Math.min(MAX_PAUSE_MS, (newsPerSecond * PAUSE_MS * SMALLEST_LIMIT) / limit)
  const isWhole = progress.todo.length === 0
  // One that goes on with another has gone back no further than that one.
  const from = desk.todo.length === 0 ? since : Math.min(...desk.todo.map((stretch) => stretch.since))
  const { calls, news, unpaid, todo } = progress
  log.info('Changed tasks were listed', { calls, news, unpaid, expected, since, todo: todo.length })
  await store.end({
    nextListingAt: isWhole ? now + Math.max(READ_LAG_MS, pause) : Math.max(now, progress.stoppedUntil),
    todo: progress.todo,
    reverse: progress.reverse,
    listed: isWhole ? [{ from, at: begunAt }, ...desk.listed.slice(0, LISTINGS - 1)] : desk.listed,
  })
}
