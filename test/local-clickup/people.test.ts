import { expect, test } from 'vitest'
import { type Mix, USUAL_MIX, work } from '../../local/clickup/people.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { FakeClickUp } from '../../local/clickup/server.ts'
import { fateOf } from '../../local/clickup/truth.ts'
import { hook, manualClock, startFake, startReceiver } from './support.ts'

/** A workspace in which people have done this many things, on a clock that stands still. */
async function worked(seed: number, count: number, mix: Partial<Mix> = {}) {
  const clock = manualClock()
  const faults = { lost: 0.05, duplicates: 0.1, reorderingMs: 5 }
  const fake = await startFake({ demo: true, seed, clock, faults })
  const receiver = await startReceiver()
  await hook(fake, receiver.url)
  const done = await work({ world: fake.world, random: createRandom(seed), clock, count, mix }).done
  await fake.idle()
  return { fake, receiver, done }
}

/** What a seed decides: everything but how long things took and which of them overtook which. */
function decided(fake: FakeClickUp) {
  const entries = fake.log.entries()
  const attempts = entries.flatMap((entry) =>
    entry.kind === 'attempt' ? [`${entry.deliveryId} ${entry.attempt} ${entry.status}`] : [],
  )
  const decisions = entries.flatMap((entry) => {
    if (entry.kind !== 'mutation' && entry.kind !== 'delivery' && entry.kind !== 'webhook') return []
    const { seq: _, ...rest } = entry
    return [rest]
  })
  return JSON.stringify({ decisions, attempts: attempts.sort() })
}

test('the same seed makes the same world, the same changes and the same fates', async () => {
  const [one, two, other] = await Promise.all([worked(3, 400), worked(3, 400), worked(4, 400)])
  expect(one.done).toBe(400)
  expect(decided(one.fake)).toBe(decided(two.fake))
  expect(one.fake.tokens).toEqual(two.fake.tokens)
  expect(decided(one.fake)).not.toBe(decided(other.fake))
})

test('people do everything there is, and the log tells exactly what was received', async () => {
  const even = Object.fromEntries(Object.keys(USUAL_MIX).map((name) => [name, 1]))
  const { fake, receiver } = await worked(5, 1_500, even)
  expect(new Set(receiver.events()).size).toBe(28)
  expect(new Set(fake.log.changes().map(({ mutation }) => mutation)).size).toBeGreaterThan(30)
  expect(fake.world.tasks().length).toBeGreaterThan(100)

  const received = new Set(receiver.received.flatMap(({ body }) => body.history_items?.map(({ id }) => id) ?? []))
  const items = fake.log.changes().filter(({ kind }) => kind === 'item')
  const delivered = new Set(items.filter((change) => fateOf(change) === 'delivered').map(({ historyId }) => historyId))
  expect(delivered).toEqual(received)
  expect(new Set(items.map(fateOf))).toEqual(new Set(['delivered', 'lost']))
  const copies = fake.log.entries().filter((entry) => entry.kind === 'delivery' && !entry.lost).length
  expect(receiver.received).toHaveLength(copies)
})

test('statuses walk along the list, mostly forward', async () => {
  const { fake } = await worked(6, 500, { ...zeroMix(), status: 1 })
  const steps = fake.log.changes().flatMap(({ field, before, after }) => (field === 'status' ? [[before, after]] : []))
  const index = (value: unknown) =>
    typeof value === 'object' && value !== null && 'orderindex' in value ? Number(value.orderindex) : Number.NaN
  const forward = steps.filter(([before, after]) => index(after) > index(before)).length
  expect(steps).toHaveLength(500)
  expect(forward).toBeGreaterThan(350)
  expect(forward).toBeLessThan(490)
})

test('work keeps its pace and can be stopped', async () => {
  const clock = manualClock()
  const fake = await startFake({ demo: true, clock })
  const busy = work({ world: fake.world, random: createRandom(1), clock, ratePerSecond: 20 })
  const acts = () => new Set(fake.log.entries().filter(({ kind }) => kind === 'mutation')).size
  clock.advance(1_000)
  await expect.poll(acts, { timeout: 5_000, interval: 5 }).toBe(20)
  clock.advance(500)
  await expect.poll(acts, { timeout: 5_000, interval: 5 }).toBe(30)
  busy.stop()
  clock.advance(60_000)
  expect(await busy.done).toBe(30)
  expect(acts()).toBe(30)
})

const zeroMix = () => Object.fromEntries(Object.keys(USUAL_MIX).map((name) => [name, 0]))
