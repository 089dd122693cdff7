import { type ConnectionStatus, watermarkOf } from '../../../core/status/connection.ts'
import { placesOf } from '../../../core/status/places.ts'
import type { Status } from '../../../core/status/status.ts'
import type { Verdict } from '../../../core/status/verdict.ts'
import type { BackfillRun, CensusRun, SweepRun } from '../../../core/sync/run.ts'
import { gapJson } from '../gap-json.ts'
import { progressOf } from '../progress.ts'
import { matterText } from './verdict-text.ts'

/**
 * What `hookline status --json` says. Times are ms since 1970. Fields are only ever added; what is not there, or cannot be
 * read, is null, and what cannot be read is named in `unreadable`.
 */
export const statusJson = (
  target: string,
  { queues, lastDelivery, connections, pause, pulse, clickup, standup }: Status,
  verdict: Verdict,
  now: number,
) => ({
  target,
  verdict: {
    level: verdict.level,
    matters: verdict.matters.map((matter) => ({
      ...{ level: matter.level, connection: matter.connection, kind: matter.kind },
      text: matterText(matter, { now, utc: true }),
    })),
  },
  pause: pause === null || pause.since === null ? null : { since: pause.since, by: pause.by, reason: pause.reason },
  pulse: pulse === null ? null : { at: pulse.at, ...pulse.seen },
  clickupStatus: clickup === null ? null : { triedAt: clickup.triedAt, failure: clickup.failure, page: clickup.page },
  queues,
  standup,
  lastDelivery,
  connections: connections.map((each) => connectionJson(each, now)),
})

function connectionJson(status: ConnectionStatus, now: number) {
  const { name, record, hierarchy, webhooks, heardAt, waitingSince, sweep, census, backfill, gaps, upstream } = status
  return {
    ...{ name, record, mode: record === null ? null : (record.mode ?? 'webhook') },
    places: hierarchy === null ? null : placesOf(hierarchy, record?.selection),
    webhooks: webhooks === null ? null : webhooksJson(webhooks),
    ...{ heardAt, waitingSince, watermark: watermarkOf(status) },
    sweep: sweep === null ? null : sweepJson(sweep),
    census: census === null ? null : censusJson(census),
    backfill: backfill === null ? null : backfillJson(backfill, now),
    gaps: {
      total: gaps.length,
      unswept: gaps.filter(({ sweptAt }) => sweptAt === null).length,
      open: gaps.filter(({ to }) => to === null).map(gapJson),
    },
    upstream,
    rotations: status.rotations,
    unreadable: status.unreadable,
  }
}

const webhooksJson = ({ slots, goodAt, rotation, offSince, report }: NonNullable<ConnectionStatus['webhooks']>) => ({
  ...{ goodAt, rotation, offSince, report },
  slots: { a: slots.a ?? null, b: slots.b ?? null },
})

const runJson = ({ run, phase, startedAt, updatedAt, endedAt, calls, note }: SweepRun | CensusRun | BackfillRun) => ({
  ...{ run, phase, startedAt, updatedAt, endedAt, calls, note },
})

export const sweepJson = (sweep: SweepRun) => ({ ...runJson(sweep), pages: sweep.pages, last: sweep.last })

export function censusJson(census: CensusRun) {
  const { lists, countedLists, countedTasks, deleted, outOfSight, there, changed, differing } = census
  const figures = { countedLists, countedTasks, deleted, outOfSight, there, changed, differing }
  return { ...runJson(census), listsLeft: lists.length, ...figures }
}

export function backfillJson(backfill: BackfillRun, now: number) {
  const { share, pages, tasks, timeEntries, tasksPerMinute, leftMs } = progressOf(backfill, now)
  const { days, publish, since, until, timeInStatus } = backfill
  return {
    ...runJson(backfill),
    ...{ days, publish, since, until, share, pages, tasks, timeEntries, timeInStatus, tasksPerMinute, leftMs },
  }
}
