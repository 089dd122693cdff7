import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivery, item, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { answer, taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp(answers: Record<string, unknown> = {}) {
  return setUpConsumer({ embedded, now: T + 10_000, answers })
}

const number = (value: unknown) => ({ id: 'f1', name: 'Views', type: 'number', value })
const statusOf = (id: string, over: Record<string, unknown> = {}) =>
  delivery('taskUpdated', { task_id: 'abc' }, [{ ...taskItem.status(id, T), ...over }])

describe('a number', () => {
  it.each([
    ['beyond the safe integers', 1e20, 1e20],
    ['of a user who held a key down', '123456789012345678901', 123456789012345680000],
    ['that no table keeps', 1e308, '1e+308'],
    ['too small for a table', 1e-200, '1e-200'],
  ])('%s does not keep a task from being read', async (_, value, kept) => {
    const { process, message, published } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), custom_fields: [number(value)], points: value }),
    })
    const told = item('1', 'custom_field', T, { after: value, custom_field: number(undefined) })
    const deliveries = [message(delivery('taskUpdated', { task_id: 'abc' }, [told])), message(statusOf('2'))]
    expect(await process(deliveries)).toEqual(['done', 'done'])
    expect(published[0]).toMatchObject({ after: kept, task: { customFields: [{ value: kept }] } })
    // What was written can be read again.
    expect(await process([message(statusOf('3'))])).toEqual(['done'])
    expect(published).toHaveLength(3)
  })

  it.each([1e308, 1e200, -1e300, 1e16, '999999999999999'])(
    'that is no time (%s) does not stand for one',
    async (date) => {
      const { process, message, published, clock } = await setUp({ '/task/abc': taskAnswer('abc') })
      const told = message(statusOf('1', { date }))
      clock.time += 5_000
      expect(await process([told])).toEqual(['done'])
      expect(published).toMatchObject([{ at: T + 10_000 }])
    },
  )
})

describe('what is too large or too deep', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { in: nested(depth - 1) })

  it.each([20, 31, 40, 1_000])('a value nested %i deep is kept, or noted, and holds nothing up', async (depth) => {
    const { process, message, tables } = await setUp({ '/task/abc': taskAnswer('abc', { date_updated: String(T) }) })
    const told = item('1', 'something_new', T, { after: nested(depth) })
    expect(await process([message(delivery('taskUpdated', { task_id: 'abc' }, [told]))])).toEqual(['done'])
    const [row] = await embedded.all(tables.ledger)
    expect(depthOf(row)).toBeLessThanOrEqual(32)
  })

  it('a large value that a look found is told once', async () => {
    const text = (each: string) => ({ id: 'f1', name: 'Notes', type: 'text', value: each.repeat(70_000) })
    const { process, message, published, answers, clock } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), custom_fields: [text('a')] }),
    })
    await process([message(statusOf('1'))])
    clock.time += 60_000
    answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + 60_000), custom_fields: [text('b')] }))
    const hint = message(delivery('taskUpdated', { task_id: 'abc' }, []), T)
    await process([hint])
    await process([hint])
    expect(published.map(({ field }) => field)).toEqual(['status', 'custom_field'])
  })

  it('a field that is named like a part of every object is accounted for like any other', async () => {
    const { process, message, published, answers, clock, tables } = await setUp({
      '/list/901': { id: '901', name: 'One' },
    })
    await process([message(delivery('listUpdated', { list_id: '901' }), T)])
    for (const field of ['constructor', '__proto__', 'toString']) {
      const told = item(field, field, T, { after: { [field]: 'x' } })
      expect(await process([message(delivery('listUpdated', { list_id: '901' }, [told]), T)])).toEqual(['done'])
    }
    clock.time += 60_000
    answers.set('/list/901', { id: '901', name: 'Two' })
    expect(await process([message(delivery('listUpdated', { list_id: '901' }), T)])).toEqual(['done'])
    expect(published.map(({ field }) => field)).toEqual(['constructor', 'toString', 'name'])
    const known = (await embedded.all(tables.state)).find(({ pk }) => pk === 'main#list#901')
    expect(known?.['fields']).toMatchObject({
      constructor: { value: { constructor: 'x' } },
      toString: { value: { toString: 'x' } },
    })
  })
})

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

describe('a delivery with thousands of changes', () => {
  it('is worked off in the time that there is, as often as it takes', async () => {
    const { process, message, published, sentAgain, clock, services, tables } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T) }),
    })
    const items = Array.from({ length: 150 }, (_, i) => taskItem.status(String(i), T))
    let messages = [message(delivery('taskUpdated', { task_id: 'abc' }, items))]
    for (let round = 1; messages.length > 0; round += 1) {
      const { ledger } = services()
      let atOnce = 0
      const claim: typeof ledger.claim = async (change) => {
        atOnce += 1
        expect(atOnce).toBeLessThanOrEqual(50)
        clock.time += 10
        const claimed = await ledger.claim(change)
        atOnce -= 1
        return claimed
      }
      expect(await process(messages, { ledger: { ...ledger, claim } }, clock.time + 600)).toEqual(['done'])
      expect(await embedded.all(tables.ledger)).toHaveLength(published.length)
      messages = sentAgain.splice(0).map((each) => each.message)
      expect(round).toBeLessThanOrEqual(3)
    }
    expect(published).toHaveLength(150)
  }, 60_000)
})

describe('what will never succeed', () => {
  const stored = (tables: { tasks: string }, sk: string) =>
    embedded.dynamo.send(
      new PutCommand({ TableName: tables.tasks, Item: { pk: 'main#task#odd', sk, schemaVersion: 99 } }),
    )

  it.each(['snapshot', 'known'])('an item of another form (%s) is no fault of its neighbours', async (sk) => {
    const { process, message, published, quarantined, tables } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T) }),
      '/task/odd': taskAnswer('odd', { date_updated: String(T) }),
    })
    await stored(tables, sk)
    const odd = delivery('taskUpdated', { task_id: 'odd' }, [taskItem.status('9', T)])
    expect(await process([message(odd), message(statusOf('1'))])).toEqual(['done', 'done'])
    expect(published.map(({ resource }) => resource.id)).toEqual(['abc'])
    expect(quarantined).toMatchObject([{ fault: { class: 'unreadable' } }])
    expect(await embedded.all(tables.ledger)).toHaveLength(1)
  })

  it('an item that the table refuses is set aside with the reason', async () => {
    const fields = Array.from({ length: 8 }, (_, i) => ({
      id: `f${i}`,
      name: 'N',
      type: 'text',
      value: 'a'.repeat(6e4),
    }))
    const { process, message, quarantined } = await setUp({
      '/task/abc': taskAnswer('abc', { date_updated: String(T), custom_fields: fields }),
    })
    expect(await process([message(statusOf('1'))])).toEqual(['done'])
    expect(quarantined).toMatchObject([{ fault: { class: 'refused', reason: expect.stringMatching(/size/) } }])
  })
})

it('a task that could not be seen at first begins with what it shows when it can', async () => {
  const { run, message, published, answers, clock } = await setUp({
    '/task/abc': answer(401, { err: 'Team not authorized', ECODE: 'OAUTH_027' }),
  })
  await run([message(statusOf('1'))])
  expect(published.map(({ field }) => field)).toEqual(['status'])
  clock.time += 60_000
  answers.set('/task/abc', taskAnswer('abc', { date_updated: String(T + 50_000) }))
  await run([message(delivery('taskUpdated', { task_id: 'abc' }))])
  await run([message(delivery('taskUpdated', { task_id: 'abc' }, [taskItem.priority('2', T + 50_000)]))])
  expect(published.map(({ field }) => field)).toEqual(['status', 'priority'])
  answers.set('/task/abc', taskAnswer('abc', { name: 'New', date_updated: String(T + 100_000) }))
  clock.time += 60_000
  await run([message(delivery('taskUpdated', { task_id: 'abc' }))])
  expect(published.slice(2)).toMatchObject([{ field: 'name', before: 'Task abc', after: 'New' }])
})
