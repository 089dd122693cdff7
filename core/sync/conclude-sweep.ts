import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { Tally } from '../process/found/parts.ts'
import type { Gap } from './gaps.ts'
import type { SweepRun } from './run.ts'
import type { SyncServices } from './services.ts'

const HOUR_MS = 3_600_000
const WEEK_HOURS = 168
/** Repairs are unusual when an hour has so many times what the hours of the last week had, and more than a few. */
const TIMES_USUAL = 2
const FEW = 5

/** Says what a sweep has come to: on the bus, in the gaps, in metrics, and to the guard when nothing is delivered at all. */
export async function concludeSweep(
  run: SweepRun,
  repaired: Tally,
  { mode }: ConnectionRecord,
  services: SyncServices,
): Promise<SweepRun> {
  const { clock, connection, gaps, log, metrics, pending, publishNotice } = services
  const now = clock.now()
  const hour = Math.floor(now / HOUR_MS)
  const byHour = Object.fromEntries(Object.entries(run.byHour).filter(([at]) => Number(at) > hour - WEEK_HOURS))
  const usual = Object.values(byHour).reduce((sum, each) => sum + each, 0) / WEEK_HOURS
  const thisHour = (byHour[hour] ?? 0) + repaired.changes
  byHour[hour] = thisHour
  metrics.count('SweepsCompleted')
  metrics.count('SweepRepairs', repaired.changes)
  metrics.count('SweepRepairsUnusual', Math.max(0, Math.floor(thisHour - Math.max(FEW, usual * TIMES_USUAL))))

  if (mode !== 'poll') {
    await gaps.revise(connection.name, (all) => withRepairs(all, run, repaired, now))
    const { heardAt, untoldMs } = await pending.load()
    // Changes happened, and of all that time not one delivery came in: a webhook can be active and silent.
    const isSilent = run.since > 0 && repaired.changes > 0 && heardAt + untoldMs < run.since
    if (isSilent) {
      log.warn('Nothing is delivered although things change', { connection: connection.name, heardAt })
      await services.sendGuard({ job: 'guard', connection: connection.name, reason: 'silent' })
    }
  }
  const { startedAt, watermark, calls, pages } = run
  if (watermark > 0) {
    const told = { connection: connection.name, publishedAt: now, watermark, startedAt, endedAt: now, repaired }
    await publishNotice({ detailType: 'Hookline Synced', detail: { schemaVersion: 1, ...told } })
  }
  log.info('A sweep has ended', { connection: connection.name, watermark, repaired, calls, pages, remark: run.remark })
  return { ...run, byHour, last: { startedAt, endedAt: now, repaired, calls } }
}

/** Repairs belong to the gap that they fall into; without one, deliveries were simply lost. */
function withRepairs(all: readonly Gap[], run: SweepRun, repaired: Tally, now: number): readonly Gap[] | null {
  // A step that is repeated has told of it before.
  if (all.some(({ id, lastRun }) => id === run.run || lastRun === run.run)) return null
  const isWhole = run.watermark >= run.horizon && run.horizon > 0
  const isSwept = (gap: Gap) => gap.sweptAt === null && gap.to !== null && isWhole && gap.to <= run.watermark
  const open = all.filter((gap) => gap.sweptAt === null)
  const target = open.at(-1)
  const lost: Gap[] =
    repaired.changes > 0 && target === undefined
      ? [
          {
            id: run.run,
            cause: 'lost',
            from: run.since || run.startedAt,
            to: run.horizon || run.startedAt,
            detail: 'deliveries did not come; the sweep found what they were to tell',
            repaired,
            lastRun: run.run,
            givenUp: null,
            sweptAt: isWhole ? now : null,
          },
        ]
      : []
  const next = all.map((gap) => ({
    ...gap,
    sweptAt: isSwept(gap) ? now : gap.sweptAt,
    ...(gap === target ? { repaired: sum(gap.repaired, repaired), lastRun: run.run } : {}),
  }))
  const isNews = lost.length > 0 || next.some((gap, i) => gap.sweptAt !== all[i]?.sweptAt) || repaired.changes > 0
  return isNews ? [...next, ...lost] : null
}

const sum = (a: Tally, b: Tally): Tally => ({
  tasks: a.tasks + b.tasks,
  changes: a.changes + b.changes,
  timeEntries: a.timeEntries + b.timeEntries,
  places: a.places + b.places,
})
