import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStatusTimesStore, type StatusTimes } from '../../core/tasks/status-times.ts'
import { startDynamo } from '../support/dynamo.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const times = (taskId: string, asOf: number): StatusTimes => ({
  taskId,
  asOf,
  current: { status: 'open', since: 1, minutes: asOf },
  history: [{ status: 'open', type: 'open', minutes: asOf, since: 1, orderindex: 0 }],
})

it('keeps the first that was read, in whatever order it is written', async () => {
  const { tasks } = await embedded.tables()
  const store = createStatusTimesStore({ dynamo: embedded.dynamo, table: tasks })
  for (const asOf of [5, 3, 4]) await store.put('main', times('a', asOf))
  await store.put('main', times('b', 9))
  await store.put('other', times('a', 1))
  expect(await store.load('main', 'a')).toEqual(times('a', 3))
  expect(await store.load('main', 'c')).toBeNull()
  expect(await store.loadAll('main', ['a', 'b', 'c', 'a'])).toEqual(
    new Map([
      ['a', times('a', 3)],
      ['b', times('b', 9)],
    ]),
  )
})
