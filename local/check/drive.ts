import { loadWebhooks } from '../../core/guard/state.ts'
import { createPending, oldestPending } from '../../core/process/pending.ts'
import { type Job, jobSender } from '../../core/sync/job.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { depthOf } from '../start/subscriber.ts'
import type { LocalSystem } from '../start/system.ts'
import { until } from '../start/until.ts'

const DEADLINE_MS = 120_000
/** How soon something is done about a job that nobody does. */
const UNDONE_MS = 5_000

export type Driver = ReturnType<typeof createDriver>

/** Lets the jobs of a running stack be done, and waits for them by what they write down. */
export function createDriver(
  system: LocalSystem,
  clickup: FakeClickUp,
  isDropped: (job: Job['job']) => boolean = () => false,
) {
  const { clients, details, configured, stack } = system
  const connection = configured.connection.name
  const { state: table } = details.tables
  const state = { dynamo: clients.dynamo, table }
  const { jobs, guard, deliveries } = details.queues
  if (jobs === undefined || guard === undefined) throw new Error('The template has no queue of jobs')
  const sendJob = jobSender(clients.sqs, jobs)
  const pending = createPending({ ...state, connection })
  const runs = {
    backfill: backfillRuns(state, connection),
    sweep: sweepRuns(state, connection),
    census: censusRuns(state, connection),
  }

  /** Waits until the queue is empty, and nothing is noted to be put off: else a sweep would look no further than that. */
  const drained = (deadlineMs = DEADLINE_MS) =>
    until(
      async () => {
        if ((await depthOf(clients.sqs, deliveries)) > 0) return undefined
        return oldestPending(await pending.load(), Date.now()) === null ? true : undefined
      },
      { what: 'the deliveries queue to become empty', deadlineMs },
    )

  /** Waits until the run of a job that is under way, if any, has ended, and answers with its name. */
  const ended = (job: keyof typeof runs, after: string | null) =>
    until(
      async () => {
        const run = await runs[job].load()
        if (run === null || run.run === after || run.endedAt === null) return undefined
        return run
      },
      { what: `the ${job} to end`, deadlineMs: DEADLINE_MS },
    )

  async function run(job: Job & { job: keyof typeof runs }, begin?: () => Promise<void>): Promise<void> {
    if (isDropped(job.job)) return
    const before = await runs[job.job].load()
    const last = before !== null && before.endedAt === null ? (await ended(job.job, null)).run : (before?.run ?? null)
    await (begin ?? (() => sendJob(job)))()
    await ended(job.job, last)
    await drained()
  }

  const schedule = (name: string) => {
    const found = stack.schedules.find((each) => each.name.includes(name) || each.path.toLowerCase().includes(name))
    if (found === undefined)
      throw new Error(`The template has no schedule of the ${name}: ${stack.schedules.map((s) => s.path).join(', ')}`)
    return found
  }

  return {
    drained,
    backfill: () => run({ job: 'backfill', connection, days: null, reason: 'asked' }),
    sweep: () => run({ job: 'sweep', connection, reason: 'schedule' }, () => schedule('sweep').fire()),
    /** Such that nobody waits for. */
    beginSweep: () => schedule('sweep').fire(),
    beginGuard: () => schedule('guard').fire(),
    census: () => run({ job: 'census', connection, reason: 'asked', everything: true }),
    /** Until the guard has nothing more to do. */
    async guard(): Promise<void> {
      await schedule('guard').fire()
      if (isDropped('guard')) return
      await until(async () => ((await depthOf(clients.sqs, guard)) === 0 ? true : undefined), {
        what: 'the guard to be done',
        deadlineMs: DEADLINE_MS,
      })
    },
    /** Until the guard has looked once: what it has put off may be a minute away. */
    async guardOnce(): Promise<void> {
      const since = Date.now()
      await schedule('guard').fire()
      await until(async () => ((await loadWebhooks(state, connection))?.report?.at ?? 0) >= since || undefined, {
        what: 'the guard to look',
        deadlineMs: DEADLINE_MS,
      })
    },
    /** Whether somebody has begun to make a webhook that is not silent. */
    isReplaced: () =>
      until(
        () =>
          [...clickup.webhooks.all()].some(({ id }) => !clickup.faults.silentWebhooks.includes(id)) ? true : undefined,
        { what: 'another webhook', deadlineMs: UNDONE_MS },
      ).catch(() => false),
    /** Until ClickUp has a webhook that hears of everything and says so. */
    async delivering(): Promise<void> {
      const isWell = () =>
        [...clickup.webhooks.all()].some(
          ({ id, status, events }) =>
            status === 'active' && events.size > 1 && !clickup.faults.silentWebhooks.includes(id),
        )
      await until(() => (isWell() ? true : undefined), {
        what: 'a webhook that delivers',
        deadlineMs: isDropped('guard') ? UNDONE_MS : DEADLINE_MS,
      }).catch((error: unknown) => {
        if (!isDropped('guard')) throw error
      })
    },
    lastSweep: () => runs.sweep.load(),
    connection,
  }
}
