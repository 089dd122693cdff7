import type { ConnectionRecord } from '../clickup/connection-record.ts'
import { oldestPending } from '../process/pending.ts'
import { READ_LAG_MS } from '../tasks/observe.ts'
import { concludeSweep } from './conclude-sweep.ts'
import { handOver, NOTHING } from './hand-over.ts'
import type { Job } from './job.ts'
import { newsOf } from './news.ts'
import { revive } from './revive.ts'
import { begun, type SweepRun } from './run.ts'
import { sweepRuns } from './run-store.ts'
import type { SyncServices } from './services.ts'
import { settled } from './settle.ts'
import { stepPlaces } from './step-places.ts'
import { type Unresolved, unresolved } from './suspects.ts'
import { nextPage } from './walk-tasks.ts'
import { walkTime } from './walk-time.ts'
import { ON, OVER, type Stepped, waitFor, work } from './work.ts'

const DAY_MS = 86_400_000
/** Time entries are compared so far back: time is written down late, and edited later still. */
const TIME_ENTRIES_MS = 30 * DAY_MS
/** Spaces of which folders and lists are listed in one sweep: two calls each, so that it stays a small part of the budget. */
const SPACES = 25
/** How long the queue is listened to before what was known of it has to do. */
const HEAR_MS = 20_000
/** Beginnings of more listings are not kept: what has been open for so long, a watermark waits for. */
const LISTINGS = 50
/** Names of more suspects are not kept: with so many, something is going on that the next sweep sees better. */
const MOST_SUSPECTS = 1_000
/** A first sweep looks no further back when nobody knows when the connection was made. */
const FIRST_MS = DAY_MS

/**
 * The reconciliation: lists what was updated since the last one, compares it with what is accounted for, and hands over what
 * no delivery can tell of any more.
 *
 *     places ─▶ horizon ─▶ tasks ─▶ time entries ─▶ settling ─▶ done
 *
 * The **horizon** is as far as deliveries can be relied on to have been heard of: a message to ourselves goes through the
 * queue, and what waits in it is noted; less the time that a delivery may come late. Differences before it are changes.
 * When all of that has been worked off, the horizon is the new watermark.
 */
export async function sweep(message: Job, services: SyncServices): Promise<void> {
  const { state, connection, clock } = services
  const runs = sweepRuns(state, connection.name)
  const record = await services.record()
  if (record === null) return
  await revive(services)
  await work(
    {
      job: 'sweep',
      runs,
      begin: async (before) => {
        const now = clock.now()
        return newSweep(before, { run: services.newRun(), now, connectedAt: record.connectedAt ?? 0 })
      },
      step: (run) => step(run, record, services),
    },
    message,
    services,
  )
}

const newSweep = (
  before: SweepRun | null,
  { run, now, connectedAt }: { run: string; now: number; connectedAt: number },
): SweepRun => ({
  ...begun(before, run, now),
  ...{
    phase: 'places',
    sentAt: 0,
    heardUntil: before?.heardUntil ?? 0,
    horizon: 0,
    since: before?.watermark || connectedAt,
  },
  ...{ places: { spaceIds: [], listed: false }, stretches: [], pages: 0, people: null, suspects: [] },
  ...{ listedAt: 0, listings: before?.listings ?? [] },
  ...{ watermark: before?.watermark ?? 0, last: before?.last ?? null, byHour: before?.byHour ?? {} },
})

const contextOf = ({ since, horizon }: SweepRun, observedAt: number) => ({
  ...{ origin: 'sweep' as const, since, until: horizon, publish: false, observedAt },
})

async function step(run: SweepRun, record: ConnectionRecord, services: SyncServices): Promise<Stepped<SweepRun>> {
  switch (run.phase) {
    case 'places':
      return places(run, record, services)
    case 'horizon':
      return horizon(run, record, services)
    case 'tasks':
      return tasks(run, services)
    case 'timeEntries':
      return timeEntries(run, services)
    case 'settling':
      return settling(run, record, services)
    case 'done':
    case 'stopped':
      return { run, next: OVER }
  }
}

async function places(run: SweepRun, record: ConnectionRecord, services: SyncServices): Promise<Stepped<SweepRun>> {
  const now = services.clock.now()
  if (run.sentAt === 0) {
    const sent = await handOver('sweep', run, NOTHING, contextOf(run, now), services)
    return { run: { ...sent, sentAt: now }, next: ON }
  }
  const walk = { job: 'sweep', workspaceId: record.workspaceId, archived: false, most: SPACES } as const
  const stepped = await stepPlaces(run, { ...walk, context: contextOf(run, now) }, services)
  if (stepped.next.kind === 'over') return { run: { ...stepped.run, phase: 'stopped' }, next: OVER }
  return stepped.isOver ? { run: { ...stepped.run, phase: 'horizon' }, next: ON } : stepped
}

async function horizon(run: SweepRun, record: ConnectionRecord, services: SyncServices): Promise<Stepped<SweepRun>> {
  const { clock, parts, pending, settings } = services
  const now = clock.now()
  const stored = await parts.load('sweep')
  const isHeard = stored?.run === run.run && stored.open['p1'] === undefined
  if (!isHeard && now < run.sentAt + HEAR_MS) {
    const why = 'waiting for what is on the queue to be worked off'
    return { run, next: { kind: 'wait', until: now + settings.settleEveryMs, why } }
  }
  const heardUntil = isHeard ? run.sentAt : run.heardUntil
  const waits = oldestPending(await pending.load(), now) ?? Number.POSITIVE_INFINITY
  // Without a webhook nothing is delivered late.
  const lateMs = record.mode === 'poll' ? READ_LAG_MS : settings.lateMs
  const until = Math.max(run.since, Math.min(heardUntil, waits, now) - lateMs)
  const from = run.watermark > 0 ? run.watermark : (record.connectedAt ?? now - FIRST_MS)
  const since = Math.max(0, from - settings.overlapMs)
  const stretches = [false, true].map((archived) => ({
    since,
    until: null,
    page: 0,
    archived,
    edge: [],
    at: null,
    isAgain: false,
  }))
  return { run: { ...run, heardUntil, horizon: until, listedAt: now, stretches, phase: 'tasks' }, next: ON }
}

async function tasks(run: SweepRun, services: SyncServices): Promise<Stepped<SweepRun>> {
  const page = await nextPage(run.stretches, services)
  if (page.kind === 'fault') return { run, next: waitFor(page.fault, services.clock.now()) }
  if (page.kind === 'refused') return { run: { ...run, remark: page.reason, phase: 'stopped' }, next: OVER }
  const context = contextOf(run, page.observedAt)
  const news = await newsOf(page.tasks, context, services)
  const after = news.tasks.length === 0 ? run : await handOver('sweep', run, { tasks: news.tasks }, context, services)
  const suspects = [...new Set([...run.suspects, ...news.suspects])].slice(0, MOST_SUSPECTS)
  const phase = page.rest.length === 0 ? 'timeEntries' : 'tasks'
  const { pages, calls } = after
  return { run: { ...after, phase, stretches: page.rest, pages: pages + 1, calls: calls + 1, suspects }, next: ON }
}

async function timeEntries(run: SweepRun, services: SyncServices): Promise<Stepped<SweepRun>> {
  const now = services.clock.now()
  const span = { from: now - TIME_ENTRIES_MS, until: now + DAY_MS }
  const walked = await walkTime(span, { compareGone: true, people: run.people ?? null }, services)
  if (walked.kind === 'fault') return { run, next: waitFor(walked.fault, now) }
  if (walked.kind === 'refused') return { run: { ...run, remark: walked.reason, phase: 'settling' }, next: ON }
  const { time } = walked
  const isNews = time.differing.length > 0 || time.gone.length > 0
  const context = contextOf(run, walked.observedAt)
  const after = isNews ? await handOver('sweep', run, { time }, context, services) : run
  const { left: people } = walked
  const phase = people === null ? 'settling' : 'timeEntries'
  return { run: { ...after, calls: after.calls + 1, people, phase }, next: ON }
}

async function settling(run: SweepRun, record: ConnectionRecord, services: SyncServices): Promise<Stepped<SweepRun>> {
  const { clock, settings, pause } = services
  const now = clock.now()
  const state = await settled('sweep', run, services)
  if (state.kind === 'waiting') return { run: { ...run, settlingSince: state.settlingSince }, next: state.next }
  const settlingSince = run.settlingSince || now
  const open = state.kind === 'givenUp' ? [] : await unresolved(run.suspects, contextOf(run, now), services)
  if (
    state.kind === 'settled' &&
    open.length > 0 &&
    now < settlingSince + settings.explainForMs + pause.pausedSince(settlingSince)
  ) {
    const why = `waiting for the deliveries of ${open.length} ${open.length === 1 ? 'task' : 'tasks'}`
    return { run: { ...run, settlingSince }, next: { kind: 'wait', until: now + settings.settleEveryMs, why } }
  }
  const isSeen = state.kind === 'settled' && run.suspects.length < MOST_SUSPECTS
  const watermark = isSeen ? Math.max(run.watermark, Math.min(run.horizon, peaceUntil(open, run))) : run.watermark
  const listings = isSeen ? [...run.listings, run.listedAt].slice(-LISTINGS) : run.listings
  const remark =
    state.kind === 'givenUp'
      ? 'what was found has not been worked off in time'
      : open.length > 0
        ? `${open.length} ${open.length === 1 ? 'task shows' : 'tasks show'} what was not delivered yet: the next sweep decides`
        : run.remark
  // A queue that is always longer than is waited for must not hold the next horizon where it is.
  const heardUntil = state.kind === 'settled' ? Math.max(run.heardUntil, run.sentAt) : run.heardUntil
  const over = await concludeSweep(
    { ...run, heardUntil, watermark, listings, remark, phase: 'done' },
    state.tally,
    record,
    services,
  )
  return { run: over, next: OVER }
}

/** Until when nothing can have happened that is still open: what a listing was the first to see has begun after the one before. */
function peaceUntil(open: readonly Unresolved[], { listings, listedAt }: SweepRun): number {
  const all = [...listings, listedAt]
  const beginnings = open.map(
    ({ openSince }) => (all[all.findLastIndex((at) => at <= openSince) - 1] ?? 0) - READ_LAG_MS,
  )
  return Math.min(Number.POSITIVE_INFINITY, ...beginnings)
}
