import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_PAUSE, type Pause, pausedBetween } from '../../core/pause/pause.ts'
import type { Job } from '../../core/sync/job.ts'
import { sweepRuns } from '../../core/sync/run-store.ts'
import { sweep } from '../../core/sync/sweep.ts'
import { run as runGuard } from '../../functions/guard/run.ts'
import { run as runSync } from '../../functions/sync/run.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, setUpSync } from '../sync/support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const scheduled: Job = { job: 'sweep', connection: '*', reason: 'schedule', everyMinutes: 15 }
const record = (job: Job, sentAt: number, i = 0) => ({
  ...{ messageId: `m${i}`, body: JSON.stringify(job), attributes: { SentTimestamp: String(sentAt) } },
})

/** The functions' own handling of their queues around a world that is looked at. */
async function setUp(pause: Pause = NO_PAUSE) {
  const its = await setUpSync(embedded)
  const began: string[] = []
  const watch = {
    pause,
    look: async () => watch.pause,
    pausedSince: (at: number) => pausedBetween(watch.pause, at, its.clock.time),
  }
  const { log, metrics, sendJob } = its.services()
  const common = { clock: its.clock, log, metrics, pause: watch, connections: ['main'] }
  const services = () => {
    began.push('sweep')
    return { ...its.services(), pause: watch }
  }
  const later: { job: Job; seconds: number }[] = []
  const sendLater = async (job: Job, seconds = 0) => {
    later.push({ job, seconds })
    return sendJob(job, seconds)
  }
  return {
    ...{ its, watch, began, later },
    sync: (Records: object[]) => runSync({ Records }, { ...common, sendJob: sendLater, servicesOf: services }, 120_000),
    guard: (Records: object[]) =>
      runGuard(
        { Records },
        {
          ...{ ...common, sendGuard: sendLater, tokenSince: async () => null },
          servicesOf: () => {
            began.push('guard')
            throw new Error('looked after the webhooks')
          },
        },
        60_000,
      ),
  }
}

const PAUSED: Pause = { ...NO_PAUSE, since: NOON - HOUR, by: 'ada' }

describe('what has piled up of two weeks', () => {
  it('comes to one sweep, not 1,344', async () => {
    const { sync, later, began } = await setUp()
    for (let i = 0; i < 1_344; i += 1)
      expect(await sync([record(scheduled, NOON - MINUTE - i * 15 * MINUTE, i)])).toEqual({ batchItemFailures: [] })
    expect(later).toEqual([{ job: { ...scheduled, connection: 'main' }, seconds: 0 }])
    expect(began).toEqual([])
    await sync([record({ ...scheduled, connection: 'main' }, NOON)])
    expect(began).toEqual(['sweep'])
  })

  it('comes to one look at the webhooks', async () => {
    const { guard, began } = await setUp()
    const job: Job = { job: 'guard', connection: '*', reason: 'schedule', everyMinutes: 5 }
    for (let i = 0; i < 400; i += 1) {
      const batch = Array.from({ length: 10 }, (_, j) => record(job, NOON - MINUTE - (i * 10 + j) * 5 * MINUTE, j))
      await guard(batch)
    }
    expect(began).toEqual(['guard'])
  })
})

describe('while it is paused', () => {
  it('the clock’s jobs are dropped, and what was asked for or goes on is put off', async () => {
    const { sync, guard, began, later } = await setUp(PAUSED)
    const asked: Job = { job: 'backfill', connection: 'main', reason: 'asked', days: 90 }
    const goesOn: Job = { ...scheduled, connection: 'main', run: 'r1' }
    const silent: Job = { job: 'guard', connection: 'main', reason: 'silent' }
    const none = { batchItemFailures: [] }
    expect(await sync([record(scheduled, NOON), record(asked, NOON), record(goesOn, NOON)])).toEqual(none)
    expect(await guard([record({ ...scheduled, job: 'guard', everyMinutes: 5 }, NOON), record(silent, NOON)])).toEqual(
      none,
    )
    expect(began).toEqual([])
    expect(later).toEqual([asked, goesOn, silent].map((job) => ({ job, seconds: 900 })))
  })

  it('what could not be put off stays on the queue', async () => {
    const { its } = await setUp(PAUSED)
    const { log, metrics, sendJob: _ } = its.services()
    const pause = { look: async () => PAUSED, pausedSince: () => 0 }
    const sendJob = async () => Promise.reject(new Error('away'))
    const servicesOf = () => its.services()
    const job: Job = { job: 'backfill', connection: 'main', reason: 'asked' }
    const sync = { clock: its.clock, log, metrics, pause, connections: ['main'], sendJob, servicesOf }
    expect(await runSync({ Records: [record(job, NOON, 7)] }, sync, 120_000)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm7' }],
    })
  })
})

describe('a sweep in the middle of which a pause begins', () => {
  it('saves where it stands, asks nothing more, and goes on from there', async () => {
    const { its, watch } = await setUp()
    its.task()
    await its.deliver(await its.deliveries())
    const services = () => ({ ...its.services(), pause: watch })
    await its.play({ job: 'census', everything: true })
    const runs = sweepRuns(its.state, 'main')
    its.jobs.length = 0
    its.pass(20 * MINUTE)
    const calls = its.paths.length
    // Paused as soon as ClickUp was asked: the step ends, and what is told of the gate holds for what it still asks.
    watch.look = async () => (its.paths.length > calls ? { ...PAUSED, since: its.clock.time } : NO_PAUSE)
    await sweep({ job: 'sweep', connection: 'main', reason: 'asked' }, services())
    const stood = await runs.load()
    expect(stood).toMatchObject({ heldUntil: 0, endedAt: null, note: 'Hookline is paused' })
    const asked = its.paths.length
    expect(asked - calls).toBeLessThanOrEqual(2)
    expect(its.jobs.map(({ job, at }) => [job.run, at - its.clock.time])).toEqual([[stood?.run, 15 * MINUTE]])

    const before = its.clock.time
    its.pass(HOUR)
    watch.pause = { ...NO_PAUSE, past: [{ from: before, to: its.clock.time }] }
    watch.look = async () => watch.pause
    for (let rounds = 0; its.jobs.length > 0 && rounds < 50; rounds += 1) {
      const [next] = its.jobs.splice(0, 1)
      its.clock.time = Math.max(its.clock.time, next?.at ?? 0)
      if (next?.job.job === 'sweep') await sweep(next.job, services())
      await its.drain()
    }
    expect(await runs.load()).toMatchObject({ run: stood?.run, phase: 'done' })
    expect(its.paths.length).toBeGreaterThan(asked)
  })
})
