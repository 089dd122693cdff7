import { afterAll, beforeAll, expect, it } from 'vitest'
import { tell } from '../../core/clickup/changes.ts'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { type FoundContext, packPiece } from '../../core/process/found/found.ts'
import { CONNECTION, LEASE_MS } from '../support/consumer.ts'
import { delivery } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const named = (name: string, at: number) => taskAnswer('abc', { name, date_updated: String(at) })

/** A consumer that knows the task by its first name. */
async function setUp() {
  const its = await setUpConsumer({ embedded, now: T + 60_000, answers: { '/task/abc': named('A', T) } })
  async function find(name: string, at: number, origin: FoundContext['origin'] = 'sweep', over = {}) {
    const seen = observationOf(taskAnswerSchema.parse(named(name, at)), its.clock.time, false)
    if (seen.kind !== 'seen') throw new Error('It is not seen.')
    const context = { origin, since: T - 60_000, until: T + 50_000, publish: false, observedAt: its.clock.time }
    const findings = { tasks: [{ id: 'abc', archived: false, fields: seen.fields }] }
    const part = { job: 'sweep', run: 'one', number: 1, sentAt: 1 } as const
    const message = packPiece({ connection: 'main', receivedAt: its.clock.time }, context, part, findings)
    await its.process([message], over)
  }
  const renaming = (id: string, at: number, before: string, after: string) =>
    delivery('taskUpdated', { task_id: 'abc' }, [
      { ...{ id, type: 1, date: String(at), field: 'name', parent_id: '901', data: {}, source: null }, before, after },
    ])
  await find('A', T, 'backfill')
  return { ...its, find, renaming }
}

it('a delivery that comes twice passes for no change that a sweep found soon after it', async () => {
  const its = await setUp()
  const first = its.renaming('1', T + 1_000, 'A', 'B')
  its.answers.set('/task/abc', named('C', T + 2_000))
  await its.process([its.message(first), its.message(its.renaming('2', T + 2_000, 'B', 'C'))])
  await its.find('B', T + 3_000)
  await its.process([its.message(first)])
  const ledger = await embedded.all(its.tables.ledger)
  const told = ledger.map(({ at, before, after, origin }) => [Number(at) - T, before, after, origin])
  expect(told.sort()).toEqual([
    [1_000, 'A', 'B', 'webhook'],
    [2_000, 'B', 'C', 'webhook'],
    [3_000, 'C', 'B', 'sweep'],
  ])
})

it('a delivery waits the longer for what was found, the longer that is not told', async () => {
  const its = await setUp()
  await its.find('B', T + 1_000, 'sweep', {
    publish: async (events: readonly unknown[]) => events.map(() => 'InternalFailure'),
  })
  const message = its.message(its.renaming('1', T + 1_000, 'A', 'B'))
  await its.process([message])
  its.clock.time += 3_600_000
  await its.process([message])
  const [soon, late] = its.sentAgain.map(({ delaySeconds }) => delaySeconds)
  expect(soon).toBeLessThan(5)
  expect(late).toBeGreaterThan(600)
})

it('what a sweep is about to tell waits for a delivery that is on its way, and is let go when that has told of it', async () => {
  const its = await setUp()
  its.answers.set('/task/abc', named('B', T + 1_000))
  const told = tell(JSON.stringify(its.renaming('1', T + 1_000, 'A', 'B')), {
    ...{ connection: CONNECTION, receivedAt: its.clock.time, slim: false },
  })
  if (told.kind !== 'changes' || told.changes[0] === undefined) throw new Error('It tells no change.')
  // Another worker has it, and has not accounted for it yet.
  const { ledger } = its.services()
  await ledger.claim(told.changes[0])
  await its.find('B', T + 1_000)
  expect([its.published.length, its.sentAgain.length]).toEqual([0, 1])
  await ledger.complete(told.changes[0], its.clock.time)
  await its.process(its.sentAgain.splice(0).map(({ message }) => message))
  expect([its.published.length, its.sentAgain.length]).toEqual([0, 0])
  const known = await its.services().known.load('main', { kind: 'task', id: 'abc' })
  expect(known?.outbox).toEqual([])
})

it('what a sweep has found does not wait for a claim whose worker has died', async () => {
  const its = await setUp()
  const { ledger } = its.services()
  // It had claimed what was found, and nobody gives that back.
  await its.find('B', T + 1_000, 'sweep', {
    ledger: { ...ledger, release: async () => undefined },
    publish: async () => {
      throw new Error('The worker ends here.')
    },
  })
  await its.find('B', T + 1_000)
  expect(its.published).toHaveLength(0)
  its.clock.time += LEASE_MS + 1
  await its.find('B', T + 1_000)
  expect(its.published).toMatchObject([{ field: 'name', before: 'A', after: 'B', origin: 'sweep' }])
})

it('a late delivery that was claimed looks once more whether a sweep has found it since', async () => {
  const its = await setUp()
  its.answers.set('/task/abc', named('B', T + 1_000))
  const stored = await its.services().tasks.load('main', ['abc'])
  await its.find('B', T + 1_000, 'sweep', {
    publish: async (events: readonly unknown[]) => events.map(() => 'InternalFailure'),
  })
  const { length } = its.published
  // It had loaded what is known of the task before the sweep wrote its finding.
  await its.process([its.message(its.renaming('1', T + 1_000, 'A', 'B'))], {
    tasks: { ...its.services().tasks, load: async () => new Map(stored) },
  })
  expect(its.published).toHaveLength(length)
  expect(its.sentAgain.length).toBeGreaterThan(0)
})
