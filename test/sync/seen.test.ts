import { afterAll, beforeAll, expect, it } from 'vitest'
import { censusRuns } from '../../core/sync/run-store.ts'
import { countOf, isFull, seenIn, withSeen } from '../../core/sync/seen.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const idsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `86abc${(from + i).toString(36)}`)

function seenOf(count: number) {
  let seen: string[] = []
  for (let from = 0; from < count; from += 100) seen = withSeen(seen, idsFrom(from, 100))
  return seen
}

it('of forty thousand tasks all are kept in mind, and none besides', () => {
  const seen = seenOf(40_000)
  const { has } = seenIn(seen)
  expect([countOf(seen), isFull(seen)]).toEqual([40_000, false])
  expect(idsFrom(0, 40_000).every(has)).toBe(true)
  expect(idsFrom(40_000, 1_000).some(has)).toBe(false)
})

it('a census in a list of any size fits the item that it is kept in', async () => {
  const its = await setUpSync(embedded)
  its.world.inThePast(NOON - HOUR, () => its.task())
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  await its.play({ job: 'census', everything: true })
  const runs = censusRuns(its.state, 'main')
  const run = await runs.load()
  if (run === null) throw new Error('There was no census.')
  const seen = seenOf(100_000)
  expect(isFull(seen)).toBe(true)
  const lists = Array.from({ length: 2_000 }, (_, i) => String(901_100_000_000 + i))
  expect(await runs.save({ ...run, seen, lists })).not.toBeNull()
})
