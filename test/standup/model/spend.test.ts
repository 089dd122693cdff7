import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSpending, microsOf, type Reservation } from '../../../core/standup/model/spend.ts'
import { startDynamo } from '../../support/dynamo.ts'
import type { Store } from './support.ts'

let store: Store
beforeAll(async () => {
  store = await startDynamo()
})
afterAll(() => store.close())

const NOON = Date.parse('2026-11-21T12:00:00Z')

async function spending(caps: { dayUsd: number; monthUsd: number }, at = NOON) {
  const { state: table } = await store.tables()
  const clock = { at, now: () => clock.at }
  const worker = () => createSpending({ dynamo: store.dynamo, table, clock }, caps)
  return { clock, table, worker, spend: worker() }
}

const estimate = fc.integer({ min: 0, max: 400_000 })
/** How much of what was reserved is used in the end; null: the worker dies before it is settled. */
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 })

test('fifty workers at once never go beyond a cap, however much they use of what they reserve and whoever of them dies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(estimate, share), { minLength: 50, maxLength: 50 }),
      fc.record({ dayUsd: fc.constantFrom(0, 0.5, 1, 2), monthUsd: fc.constantFrom(0.3, 1.5, 5) }),
      async (workers, caps) => {
        const { worker, spend } = await spending(caps)
        const cap = microsOf(Math.min(caps.dayUsd, caps.monthUsd))
        // What is set aside and not yet settled, by those who were let in.
        let [standing, used] = [0, 0]
        await Promise.all(
          workers.map(async ([micros, part]) => {
            const its = worker()
            const reserved = await its.reserve(micros)
            if (reserved.kind === 'refused') return
            standing += micros
            expect(standing + used).toBeLessThanOrEqual(cap)
            if (part === null) return
            const really = Math.floor(micros * part)
            used += really
            standing -= micros
            await its.settle(reserved.reservation, really)
          }),
        )
        const { todayUsd, monthUsd } = await spend.look()
        expect(microsOf(todayUsd)).toBe(standing + used)
        expect(microsOf(monthUsd)).toBe(standing + used)
      },
    ),
    { seed: 21, numRuns: 12 },
  )
})

test('whoever asks for room that there is, gets it to the last millionth', async () => {
  const { spend } = await spending({ dayUsd: 1, monthUsd: 10 })
  expect(await spend.reserve(999_999)).toMatchObject({ kind: 'reserved' })
  expect(await spend.reserve(2)).toEqual({ kind: 'refused', cap: 'day', never: false })
  expect(await spend.reserve(1)).toMatchObject({ kind: 'reserved' })
  expect(await spend.reserve(1)).toEqual({ kind: 'refused', cap: 'day', never: false })
  // What costs nothing, as a model of one's own does, is never refused.
  expect(await spend.reserve(0)).toMatchObject({ kind: 'reserved' })
})

test('a day ends at midnight in UTC, and the month goes on', async () => {
  const { spend, clock } = await spending({ dayUsd: 1, monthUsd: 1.5 }, Date.parse('2026-11-29T23:59:59.999Z'))
  expect(await spend.reserve(1_000_000)).toMatchObject({ kind: 'reserved' })
  clock.at += 1
  expect(await spend.look()).toMatchObject({ todayUsd: 0, monthUsd: 1 })
  expect(await spend.reserve(600_000)).toEqual({ kind: 'refused', cap: 'month', never: false })
  expect(await spend.reserve(500_000)).toMatchObject({ kind: 'reserved' })
  clock.at += 24 * 3_600_000
  expect(await spend.look()).toMatchObject({ todayUsd: 0, monthUsd: 0 })
})

test('what was reserved before midnight is settled on the day it was reserved', async () => {
  const { spend, clock } = await spending({ dayUsd: 1, monthUsd: 10 }, Date.parse('2026-11-30T23:59:59Z'))
  const reserved = await spend.reserve(800_000)
  clock.at += 5_000
  const { reservation }: { reservation: Reservation } =
    reserved.kind === 'reserved' ? reserved : { reservation: { day: '', month: '', micros: 0 } }
  await spend.settle(reservation, 100_000)
  expect(await spend.look()).toMatchObject({ todayUsd: 0, monthUsd: 0 })
  clock.at -= 5_000
  expect(await spend.look()).toMatchObject({ todayUsd: 0.1, monthUsd: 0.1 })
})

test('a reservation of somebody who has died stands, until its day is over', async () => {
  const { spend, worker, clock } = await spending({ dayUsd: 1, monthUsd: 10 })
  await worker().reserve(700_000)
  expect(await spend.reserve(400_000)).toEqual({ kind: 'refused', cap: 'day', never: false })
  clock.at += 24 * 3_600_000
  expect(await spend.reserve(400_000)).toMatchObject({ kind: 'reserved' })
})

test('caps of nothing let nothing in', async () => {
  const { spend } = await spending({ dayUsd: 0, monthUsd: 10 })
  expect(await spend.reserve(1)).toEqual({ kind: 'refused', cap: 'day', never: true })
  const other = await spending({ dayUsd: 1, monthUsd: 0 })
  expect(await other.spend.reserve(1)).toEqual({ kind: 'refused', cap: 'month', never: true })
})

test('counts failures in a row, with the last, until there is an answer', async () => {
  const { spend, clock } = await spending({ dayUsd: 1, monthUsd: 10 })
  expect(await spend.look()).toMatchObject({ failuresInARow: 0, lastFailure: null })
  expect([await spend.failed('timeout'), await spend.failed('denied')]).toEqual([1, 2])
  expect(await spend.look()).toMatchObject({ failuresInARow: 2, lastFailure: { at: clock.at, why: 'denied' } })
  await spend.answered()
  expect(await spend.look()).toMatchObject({ failuresInARow: 0, lastFailure: { at: clock.at, why: 'denied' } })
  expect(await spend.failed('malformed')).toBe(1)
})

test('a month is one item, which the table forgets after a year', async () => {
  const { spend, table } = await spending({ dayUsd: 1, monthUsd: 10 })
  await spend.reserve(1_000_000)
  const [item] = await store.all(table)
  expect(item).toMatchObject({ pk: 'spend#2026-11', schemaVersion: 1, total: 1_000_000, day21: 1_000_000 })
  expect(item?.['forgetAfter']).toBe(Date.parse('2026-11-21') / 1000 + 400 * 86_400)
})
