import { type ListPage, tasksOfListPage } from '../clickup/tasks-of-list.ts'
import type { FoundMissing } from '../process/found/found.ts'
import type { Answer } from '../upstream/fault.ts'
import { absentOf, MOST_READS } from './absent.ts'
import { believedCensus, newCensus } from './begin-census.ts'
import { handOver } from './hand-over.ts'
import { loadHierarchy } from './hierarchy.ts'
import type { Job } from './job.ts'
import { lostList } from './lost-list.ts'
import { newsOf } from './news.ts'
import type { CensusRun } from './run.ts'
import { censusRuns, readable, sweepRuns } from './run-store.ts'
import { countOf, isFull, seenIn, withSeen } from './seen.ts'
import type { SyncServices } from './services.ts'
import { settled } from './settle.ts'
import { handOverLost } from './step-places.ts'
import { ON, OVER, type Stepped, waitFor, work } from './work.ts'

/** More deletions than this at once are nobody's everyday work: then nothing is published, and somebody is called. */
const MOST = 50
const MOST_SHARE = 0.01
/** More lists that differ are not kept: a run has to fit one item. */
const MOST_DIFFERING = 500
/** In a small workspace a hundredth is less than one; so many are believed in any case. */
const BELIEVED = 10

/**
 * The full listing that finds deletions of which nobody was told, and whatever else no update shows: every list once a day, a
 * few of them every hour. Absence only nominates; a single read decides.
 */
export async function census(message: Job, services: SyncServices): Promise<void> {
  if ((await services.record()) === null) return
  await work(
    {
      job: 'census',
      runs: censusRuns(services.state, services.connection.name),
      begin: async (before) =>
        message.believe === undefined
          ? newCensus(before, message.everything === true, services)
          : believedCensus(before, message.believe),
      step: (run) => step(run, services),
    },
    message,
    services,
  )
}

async function step(run: CensusRun, services: SyncServices): Promise<Stepped<CensusRun>> {
  if (run.phase !== 'lists') return run.phase === 'settling' ? settling(run, services) : { run, next: OVER }
  const [listId] = run.lists
  if (listId === undefined) return conclude(run, services)
  if (typeof run.asked === 'number') return absences(run, listId, run.asked, services)
  const { archived, page } = run
  const answer = await tasksOfListPage(services.clickup, { listId, archived, page })
  const counted = { ...run, calls: run.calls + 1 }
  switch (answer.kind) {
    case 'ok':
      return afterPage(counted, listId, answer, services)
    case 'invalid':
      // Of what cannot be read nobody knows anything: what is stored of its tasks stands.
      services.log.error('A list cannot be read and was not counted', { list: listId, reason: answer.reason })
      return { run: { ...nextList(counted), remark: `list ${listId} cannot be read and was not counted` }, next: ON }
    case 'gone':
    case 'noAccess': {
      // Of a list that is out of sight nothing is deleted, for all that anybody can tell.
      const lost = await lostList(listId, services)
      if (lost.kind === 'fault') return { run, next: waitFor(lost.fault, services.clock.now()) }
      const context = await contextOf(services)
      let after = await handOverLost(
        'census',
        listId,
        { ...counted, calls: counted.calls + lost.calls },
        context,
        services,
      )
      if (lost.places.length > 0) after = await handOver('census', after, { places: lost.places }, context, services)
      await lost.save()
      return { run: nextList(after), next: ON }
    }
    default:
      return { run, next: waitFor(answer, services.clock.now()) }
  }
}

/** The watermark is where a sweep has come to: what is older and nobody knows of will not be delivered any more. */
async function contextOf({ state, connection, clock }: SyncServices, observedAt = clock.now()) {
  const sweep = await readable(sweepRuns(state, connection.name))
  return {
    origin: 'sweep' as const,
    since: sweep?.watermark ?? 0,
    until: sweep?.horizon ?? 0,
    publish: false,
    observedAt,
  }
}

async function afterPage(
  run: CensusRun,
  listId: string,
  { value: page, observedAt }: Answer<ListPage> & { kind: 'ok' },
  services: SyncServices,
): Promise<Stepped<CensusRun>> {
  if (page.broken > 0) services.metrics.count('AnswersUnreadable', page.broken)
  const context = await contextOf(services, observedAt)
  const news = await newsOf(page.tasks, context, services)
  let after = run
  if (news.tasks.length > 0) after = await handOver('census', run, { tasks: news.tasks }, context, services)
  const seen = seenIn(run.seen)
  const fresh = page.tasks.filter(({ id }) => !seen.has(id))
  const living = run.archived ? [] : fresh
  after = {
    ...after,
    seen: withSeen(
      run.seen,
      fresh.map(({ id }) => id),
    ),
    changed: run.changed + news.tasks.length,
    openTasks: run.openTasks + living.filter(({ status }) => status?.type !== 'closed').length,
    livingTasks: run.livingTasks + living.length,
  }
  if (!page.isLast) return { run: { ...after, page: run.page + 1 }, next: ON }
  if (!run.archived) return { run: { ...after, archived: true, page: 0 }, next: ON }
  const countedTasks = run.countedTasks + countOf(after.seen)
  return { run: { ...after, asked: 0, countedTasks, differing: await differing(after, listId, services) }, next: ON }
}

/**
 * What a list did not show is asked for one by one. When the budget ends meanwhile, what was learnt stands: begun anew, it would be
 * the same calls again, and more than a small plan has in a minute.
 */
async function absences(
  run: CensusRun,
  listId: string,
  before: number,
  services: SyncServices,
): Promise<Stepped<CensusRun>> {
  if (isFull(run.seen)) {
    services.log.error('A list has more tasks than can be kept in mind', { list: listId })
    const remark = `list ${listId} has so many tasks that deletions in it are not looked for`
    return { run: { ...nextList(run), remark }, next: ON }
  }
  const observedAt = services.clock.now()
  const context = await contextOf(services, observedAt)
  const limits = { most: MOST_READS - before, until: context.until }
  const absent = await absentOf(listId, seenIn(run.seen), limits, services)
  const { asked, deleted, ended, outOfSight, there, fault } = absent
  const missing: FoundMissing[] = [
    ...outOfSight.map((id) => ({ id, state: 'outOfSight' as const, observedAt })),
    // Told already, they are told under the same id and so not again. They are stored as deleted, so nothing is held back.
    ...ended.map((task) => ({ ...task, state: 'deleted' as const })),
  ]
  let after = run
  if (missing.length > 0 || there.length > 0)
    after = await handOver('census', run, { missing, tasks: there }, context, services)
  after = {
    ...after,
    // Asked for once is enough.
    seen: withSeen(run.seen, [...asked, ...ended.map(({ id }) => id)]),
    asked: before + asked.length,
    held: [...run.held, ...deleted.map((id) => ({ id, observedAt }))],
    calls: run.calls + asked.length,
    deleted: run.deleted + deleted.length,
    outOfSight: run.outOfSight + outOfSight.length,
    there: run.there + there.length,
  }
  if (fault !== null) return { run: after, next: waitFor(fault, services.clock.now()) }
  return { run: nextList(after), next: ON }
}

const nextList = (run: CensusRun): CensusRun => ({
  ...run,
  ...{ lists: run.lists.slice(1), page: 0, archived: false, seen: [], asked: null, openTasks: 0, livingTasks: 0 },
  countedLists: run.countedLists + 1,
})

/** Which tasks `task_count` counts is not documented: with or without closed ones, either is right. */
async function differing(run: CensusRun, listId: string, { state, connection }: SyncServices) {
  const hierarchy = await loadHierarchy(state, connection.name)
  const list = hierarchy?.spaces.flatMap(({ lists }) => lists).find(({ id }) => id === listId)
  const counted = list?.taskCount ?? null
  if (counted === null || counted === run.openTasks || counted === run.livingTasks) return run.differing
  return [...run.differing, { listId, counted, listed: run.livingTasks }].slice(-MOST_DIFFERING)
}

async function conclude(run: CensusRun, services: SyncServices): Promise<Stepped<CensusRun>> {
  const { connection, log, metrics } = services
  const share = Math.floor((run.countedTasks + run.held.length) * MOST_SHARE)
  const most = Math.min(MOST, Math.max(BELIEVED, share))
  if (run.held.length > most && run.believed !== true) {
    const remark = `${run.held.length} tasks are gone at once, more than ${most}: nothing was published, see whether they were deleted`
    metrics.count('CensusHalted')
    log.error('A census was halted', { connection: connection.name, deleted: run.held.length, most })
    return { run: { ...run, remark, phase: 'halted' }, next: OVER }
  }
  if (run.held.length === 0) return { run: { ...run, phase: 'settling' }, next: ON }
  const missing = run.held.map((task) => ({ ...task, state: 'deleted' as const }))
  const after = await handOver('census', run, { missing }, await contextOf(services), services)
  return { run: { ...after, held: [], phase: 'settling' }, next: ON }
}

async function settling(run: CensusRun, services: SyncServices): Promise<Stepped<CensusRun>> {
  const state = await settled('census', run, services)
  if (state.kind === 'waiting') return { run: { ...run, settlingSince: state.settlingSince }, next: state.next }
  const { deleted, outOfSight, there, changed, countedLists, countedTasks, calls } = run
  const figures = { deleted, outOfSight, there, changed, countedLists, countedTasks, calls }
  services.log.info('A census has ended', { connection: services.connection.name, ...figures })
  return { run: { ...run, phase: 'done' }, next: OVER }
}
