import type { ConnectionRecord } from '../clickup/connection-record.ts'
import { MOST_IDS, timeInStatus } from '../clickup/time-in-status.ts'
import { handOver } from './hand-over.ts'
import type { Job } from './job.ts'
import { newsOf } from './news.ts'
import { type BackfillRun, begun } from './run.ts'
import { backfillRuns } from './run-store.ts'
import type { SyncServices } from './services.ts'
import { settled } from './settle.ts'
import { stepPlaces } from './step-places.ts'
import { nextPage } from './walk-tasks.ts'
import { walkTime } from './walk-time.ts'
import { ON, OVER, type Stepped, waitFor, work } from './work.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 90
/** ClickUp lists time without pages: a month is what it lists by default. */
const MONTH_MS = 30 * DAY_MS
/** With no bound of its own, the time goes back until a year of it is empty. */
const EMPTY_MONTHS = 12
/** A time entry can be written down for a time to come. */
const AHEAD_MS = 400 * DAY_MS
const ALL_SPACES = 100_000

/**
 * Reads the history of before the connection: members and places, then every task that was updated since, a hundred a call,
 * with how long it was in each status, then time entries. What is there becomes what the ledger begins with; nothing of it
 * is a change.
 *
 *     places ─▶ tasks ─▶ time entries ─▶ settling ─▶ done
 */
export async function backfill(message: Job, services: SyncServices): Promise<void> {
  const record = await services.record()
  if (record === null) return
  await work(
    {
      job: 'backfill',
      runs: backfillRuns(services.state, services.connection.name),
      begin: async (before) => newBackfill(before, message, services),
      step: (run) => step(run, record, services),
    },
    message,
    services,
  )
}

function newBackfill(before: BackfillRun | null, message: Job, { clock, newRun, settings }: SyncServices): BackfillRun {
  const now = clock.now()
  const days = message.days === undefined ? DEFAULT_DAYS : message.days
  const since = days === null ? 0 : now - days * DAY_MS
  return {
    ...begun(before, newRun(), now),
    ...{ phase: 'places', days, publish: message.publish === true, since, until: now },
    places: { spaceIds: [], listed: false },
    // What is updated while it goes on is delivered, or found by a sweep.
    stretches: [false, true].map((archived) => ({
      since,
      until: now + settings.overlapMs,
      page: 0,
      archived,
      edge: [],
      at: null,
      isAgain: false,
    })),
    ...{ pages: 0, tasks: 0, timeEntries: 0, unasked: [], timeInStatus: null },
    ...{ timeEntriesBefore: now + AHEAD_MS, emptyMonths: 0 },
  }
}

const contextOf = ({ publish, until }: BackfillRun, observedAt: number) => ({
  ...{ origin: 'backfill' as const, since: 0, until, publish, observedAt },
})

async function step(run: BackfillRun, record: ConnectionRecord, services: SyncServices): Promise<Stepped<BackfillRun>> {
  switch (run.phase) {
    case 'places': {
      // What a later backfill finds changed of a place has happened since the connection: a delivery that is late may tell of it yet.
      const context = { ...contextOf(run, services.clock.now()), since: record.connectedAt ?? 0 }
      const walk = {
        job: 'backfill',
        workspaceId: record.workspaceId,
        archived: true,
        most: ALL_SPACES,
        context,
      } as const
      const stepped = await stepPlaces(run, walk, services)
      if (stepped.next.kind === 'over') return { run: { ...stepped.run, phase: 'stopped' }, next: OVER }
      return stepped.isOver ? { run: { ...stepped.run, phase: 'tasks' }, next: ON } : stepped
    }
    case 'tasks':
      return tasks(run, services)
    case 'timeEntries':
      return timeEntries(run, services)
    case 'settling':
      return settling(run, services)
    case 'done':
    case 'stopped':
      return { run, next: OVER }
  }
}

/**
 * A page of tasks, and at the same time how long those of the page before were in each status: one call takes almost two
 * seconds, so that one after the other would leave half of a small plan's budget unused.
 */
async function tasks(run: BackfillRun, services: SyncServices): Promise<Stepped<BackfillRun>> {
  const asked = run.timeInStatus === false ? [] : run.unasked.slice(0, MOST_IDS)
  const left = run.unasked.slice(asked.length)
  const [page, times] = await Promise.all([
    // What was read is kept, though the budget ended just before its times could be asked for; more than that is not read ahead.
    run.stretches.length === 0 || left.length > 0 ? null : nextPage(run.stretches, services),
    asked.length > 0 ? timeInStatus(services.clickup, asked) : null,
  ])
  let after: BackfillRun = run.timeInStatus === false ? { ...run, unasked: [] } : run
  const now = services.clock.now()
  const waits = []
  if (times !== null) {
    switch (times.kind) {
      case 'ok': {
        const context = contextOf(run, times.observedAt)
        after = await handOver('backfill', after, { statusTimes: times.value.answers }, context, services)
        after = { ...after, unasked: left, timeInStatus: true, calls: after.calls + 1 }
        break
      }
      case 'absent':
      case 'gone':
      case 'noAccess':
      case 'invalid':
        services.log.info('The workspace does not tell times in status', { connection: services.connection.name })
        after = { ...after, unasked: [], timeInStatus: false, calls: after.calls + 1 }
        break
      default:
        waits.push(waitFor(times, now))
    }
  }
  switch (page?.kind) {
    case undefined:
      break
    case 'refused':
      return { run: { ...after, remark: page.reason, phase: 'stopped' }, next: OVER }
    case 'fault':
      waits.push(waitFor(page.fault, now))
      break
    case 'page': {
      const context = contextOf(run, page.observedAt)
      const news = await newsOf(page.tasks, context, services)
      const read = page.isAgain ? news.tasks : page.tasks
      if (news.tasks.length > 0) after = await handOver('backfill', after, { tasks: news.tasks }, context, services)
      after = {
        ...after,
        stretches: page.rest,
        pages: after.pages + 1,
        tasks: after.tasks + read.length,
        calls: after.calls + 1,
        unasked: after.timeInStatus === false ? [] : [...after.unasked, ...read.map(({ id }) => id)],
      }
    }
  }
  if (after.stretches.length === 0 && after.unasked.length === 0)
    return { run: { ...after, phase: 'timeEntries' }, next: ON }
  return { run: after, next: waits[0] ?? ON }
}

async function timeEntries(run: BackfillRun, services: SyncServices): Promise<Stepped<BackfillRun>> {
  const now = services.clock.now()
  const until = run.timeEntriesBefore
  // What lies ahead is little: it goes with the current month.
  const from = until > now ? now - MONTH_MS : Math.max(run.since, until - MONTH_MS)
  const walked = await walkTime({ from, until }, { compareGone: false, people: run.people ?? null }, services)
  if (walked.kind === 'fault') return { run, next: waitFor(walked.fault, now) }
  if (walked.kind === 'refused') return { run: { ...run, remark: walked.reason, phase: 'settling' }, next: ON }
  const { time, entries } = walked
  let after = run
  if (time.differing.length > 0)
    after = await handOver('backfill', run, { time }, contextOf(run, walked.observedAt), services)
  if (walked.left !== null) {
    const { calls, timeEntries: before } = after
    // A month is empty when nobody has any time in it.
    const emptyMonths = entries === 0 ? run.emptyMonths : -1
    const rest = { people: walked.left, emptyMonths, timeEntries: before + entries, calls: calls + 1 }
    return { run: { ...after, ...rest }, next: ON }
  }
  const emptyMonths = entries === 0 ? run.emptyMonths + 1 : 0
  const isOver = from <= run.since || emptyMonths >= EMPTY_MONTHS
  const { calls, timeEntries: before } = after
  after = {
    ...after,
    people: null,
    timeEntriesBefore: from,
    emptyMonths,
    timeEntries: before + entries,
    calls: calls + 1,
  }
  return { run: isOver ? { ...after, phase: 'settling' } : after, next: ON }
}

async function settling(run: BackfillRun, services: SyncServices): Promise<Stepped<BackfillRun>> {
  const { clock, connection, log, publishNotice } = services
  const state = await settled('backfill', run, services)
  if (state.kind === 'waiting') return { run: { ...run, settlingSince: state.settlingSince }, next: state.next }
  if (state.kind === 'givenUp')
    return { run: { ...run, phase: 'stopped', remark: 'what was read has not been worked off in time' }, next: OVER }
  const { since, until, tasks: count, timeEntries: entries, timeInStatus: told, calls } = run
  log.info('A backfill has ended', { connection: connection.name, tasks: count, timeEntries: entries, calls })
  await publishNotice({
    detailType: 'Backfill Completed',
    detail: {
      ...{ schemaVersion: 1, connection: connection.name, publishedAt: clock.now(), since, until },
      ...{ tasks: count, timeEntries: entries, timeInStatus: told === true },
    },
  })
  // The first watermark follows at once, not with the next turn of the clock.
  await services.sendJob({ job: 'sweep', connection: connection.name, reason: 'asked' })
  const remark = told === false ? 'the workspace does not tell times in status' : run.remark
  return { run: { ...run, phase: 'done', remark }, next: OVER }
}
