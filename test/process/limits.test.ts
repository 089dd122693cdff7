import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consumer } from '../support/consumer.ts'
import { delivery, item, taskItem } from '../support/deliveries.ts'
import { startDynamo } from '../support/dynamo.ts'
import { taskAnswer, upstream } from '../support/upstream.ts'

const T = 1_789_000_000_000

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp(answers: Record<string, unknown> = {}) {
  const tables = await embedded.tables()
  const clickup = upstream(new Map(Object.entries(answers)), { now: () => worker.clock.time })
  const worker = consumer({ dynamo: embedded.dynamo, tables, fetch: clickup.fetch, now: T + 10_000 })
  return { ...worker, tables }
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
      const { process, message, published } = await setUp({ '/task/abc': taskAnswer('abc') })
      expect(await process([message(statusOf('1', { date }))])).toEqual(['done'])
      expect(published).toMatchObject([{ at: T + 10_000 }])
    },
  )
})
