import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPartStore, NO_TALLY } from '../../core/process/found/parts.ts'
import { startDynamo } from '../support/dynamo.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function begun() {
  const { state: table } = await embedded.tables()
  const parts = createPartStore({ dynamo: embedded.dynamo, table, connection: 'main' })
  await parts.begin('sweep', 'r')
  return parts
}
const part = (number: number, sentAt: number) => ({ job: 'sweep', run: 'r', number, sentAt }) as const

test('the message of a step that was repeated is waited for, though the one that was sent first is through', async () => {
  const parts = await begun()
  await parts.open('sweep', 'r', [1], 100)
  await parts.open('sweep', 'r', [1], 200)
  await parts.done(part(1, 100), { ...NO_TALLY, changes: 1 })
  expect(await parts.load('sweep')).toMatchObject({ open: { p1: 200 }, changes: 0 })
  await parts.done(part(1, 200), { ...NO_TALLY, changes: 1 })
  await parts.done(part(1, 200), { ...NO_TALLY, changes: 1 })
  expect(await parts.load('sweep')).toMatchObject({ open: {}, changes: 1 })
})

test('however many messages are sent at once, each is written down and can be forgotten', async () => {
  const parts = await begun()
  const numbers = Array.from({ length: 230 }, (_, i) => i + 1)
  await parts.open('sweep', 'r', numbers, 100)
  expect(Object.keys((await parts.load('sweep'))?.open ?? {})).toHaveLength(230)
  await parts.forgetAbove('sweep', 'r', 10)
  expect(Object.keys((await parts.load('sweep'))?.open ?? {})).toHaveLength(10)
})
