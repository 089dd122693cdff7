import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { parseJob } from '../../core/sync/job.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const SWEEP = { job: 'sweep', connection: 'main', reason: 'schedule' } as const

test('of twenty sweeps that begin at once, one does, and is waited for', async () => {
  const its = await setUpSync(embedded)
  its.world.inThePast(NOON - HOUR, () => its.task())
  await Promise.all(Array.from({ length: 20 }, () => its.act(SWEEP)))
  const run = await sweepRuns(its.state, 'main').load()
  expect(its.jobs.map(({ job }) => job.run)).toEqual([run?.run])
  const parts = await its.services().parts.load('sweep')
  expect(parts?.run).toBe(run?.run)
  // Its first message is not worked off yet, and it knows that.
  expect(Object.keys(parts?.open ?? {})).toContain('p1')
})

describe('a message', () => {
  it('of a run that is over, or another, changes nothing', async () => {
    const its = await setUpSync(embedded)
    await its.play({ job: 'sweep' })
    const before = await sweepRuns(its.state, 'main').load()
    const calls = its.paths.length
    await its.act({ ...SWEEP, run: before?.run ?? '' })
    await its.act({ ...SWEEP, run: 'another' })
    expect(await sweepRuns(its.state, 'main').load()).toEqual(before)
    expect(its.paths).toHaveLength(calls)
  })

  it.each([
    '',
    'null',
    '[]',
    '{"job":"sweep"}',
    '{"job":"dance","connection":"main"}',
    '{"job":"backfill","connection":"main","days":-1}',
    '{"job":"backfill","connection":"main","days":1.5}',
    '{"job":"sweep","connection":"not a name!"}',
    JSON.stringify({ ...SWEEP, run: 'x'.repeat(101) }),
  ])('that is no job is none: %s', (body) => {
    expect(parseJob(body)).toBeNull()
  })
})

describe('a run whose message was lost', () => {
  it('is gone on with by the next sweep, when it is a backfill', async () => {
    const its = await setUpSync(embedded)
    its.world.inThePast(NOON - HOUR, () => its.task())
    await its.act({ job: 'backfill', connection: 'main', reason: 'asked' })
    its.jobs.length = 0
    await its.drain()
    its.pass(10 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ endedAt: null })
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ phase: 'done', tasks: 1 })
    expect(its.notices.filter(({ detailType }) => detailType === 'Backfill Completed')).toHaveLength(1)
  })
})

describe('where a run stands, half written', () => {
  const half = async (thing: string, its: Awaited<ReturnType<typeof setUpSync>>) => {
    const item = { [PK]: stateKey('main', thing), version: 3, run: 'half', stretches: [{ since: 'yesterday' }] }
    await embedded.dynamo.send(new PutCommand({ TableName: its.tables.state, Item: item }))
  }
  const errors = (its: Awaited<ReturnType<typeof setUpSync>>) =>
    its.lines.flatMap(({ message }) => (String(message).includes('cannot be read') ? String(message) : []))

  it.each(['sweep', 'census'] as const)('is set aside for a %s, which begins anew', async (job) => {
    const its = await setUpSync(embedded)
    its.world.inThePast(NOON - HOUR, () => its.task())
    await its.play({ job: 'backfill', reason: 'asked' })
    await half(job, its)
    await its.play({ job, everything: true })
    const runs = job === 'sweep' ? sweepRuns(its.state, 'main') : censusRuns(its.state, 'main')
    expect(await runs.load()).toMatchObject({ phase: 'done' })
    expect(errors(its)).toEqual([
      `Where the ${job} stands cannot be read: it was set aside, and the ${job} begins anew`,
    ])
    const kept = (await embedded.all(its.tables.state)).find((item) => item[PK] === `main#${job}#unreadable`)
    expect(kept).toMatchObject({ run: 'half' })
  })

  it('ends a backfill with one sentence, until somebody asks for another', async () => {
    const its = await setUpSync(embedded)
    await half('backfill', its)
    for (const run of ['half', undefined])
      await its.act({ job: 'backfill', connection: 'main', reason: 'schedule', ...(run ? { run } : {}) })
    expect(its.jobs).toEqual([])
    expect(its.paths).toEqual([])
    expect(new Set(errors(its))).toEqual(
      new Set(['Where the backfill stands cannot be read, so it has stopped: begin it anew with hookline backfill']),
    )
    await its.play({ job: 'backfill', reason: 'asked' })
    expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
  })

  it('of one job troubles no other', async () => {
    const its = await setUpSync(embedded)
    its.world.inThePast(NOON - HOUR, () => its.task())
    await half('backfill', its)
    await its.play({ job: 'sweep' })
    expect(await sweepRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
    await half('sweep', its)
    await its.play({ job: 'census', everything: true })
    expect(await censusRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
  })
})
