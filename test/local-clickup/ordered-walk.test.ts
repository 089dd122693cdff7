import { expect, test } from 'vitest'
import { type Walk, walkTasks } from '../../local/clickup/api/ordered-walk.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { Task } from '../../local/clickup/world/types.ts'
import { manualClock, NOON, startSmall } from './support.ts'

const ENDLESS = Number.POSITIVE_INFINITY

/** A hundred tasks in few timestamps, edited, deleted and made up to the last moment; and how they stood at each one. */
async function lively() {
  const clock = manualClock()
  const { world, list, actor } = await startSmall({ clock })
  const random = createRandom(5)
  const ids: string[] = []
  for (let step = 0; step < 60; step++) {
    clock.advance(random.int(0, 1) * 400)
    for (let count = 0; count < 5; count++) {
      const id = ids.length < 100 ? undefined : random.pick(ids)
      if (id === undefined) ids.push(world.createTask(actor, { listId: list.id, name: `${ids.length}` }).id)
      else if (world.task(id) === undefined) world.restoreTask(actor, id)
      else if (random.chance(0.1)) world.deleteTask(actor, id)
      else world.rename(actor, id, `${step} ${count}`)
    }
  }
  return { world, store: world.store.tasks, now: clock.now() }
}

test.each([
  ['updated', true, 0],
  ['updated', false, 0],
  ['updated', true, 3_000],
  ['updated', false, 3_000],
  ['created', true, 0],
  ['created', false, 3_000],
] as const)(
  'a walk by %s, rising %s, lag %i, is what finding and sorting all would give',
  async (order, rising, lagMs) => {
    const { store, now } = await lively()
    const at = now - lagMs
    const bounds =
      order === 'created'
        ? [[-ENDLESS, ENDLESS]]
        : [
            [-ENDLESS, ENDLESS],
            [NOON + 1_000, ENDLESS],
            [NOON + 1_000, at - 500],
          ]
    for (const [after = -ENDLESS, before = ENDLESS] of bounds) {
      const walk: Walk = { order, rising, after, before, at, lagMs, tieOf: ({ id }) => id }
      const keyOf = (task: Task) => (order === 'created' ? task.createdAt : task.updatedAt)
      const sign = rising ? 1 : -1
      const expected = store
        .ids()
        .flatMap((id) => (lagMs === 0 ? store.get(id) : store.asOf(id, at)) ?? [])
        .filter(({ updatedAt }) => updatedAt > after && updatedAt < before)
        .sort((a, b) => sign * (keyOf(a) - keyOf(b) || (a.id < b.id ? -1 : 1)))
      const walked = [...walkTasks(store, walk)].filter(({ updatedAt }) => updatedAt > after && updatedAt < before)
      expect(walked.map(({ id, name }) => [id, name])).toEqual(expected.map(({ id, name }) => [id, name]))
      expect(expected.length).toBeGreaterThan(20)
    }
  },
)

test('what is not asked for is not walked', async () => {
  const { store, now } = await lively()
  let tied = 0
  const tieOf = ({ id }: Task) => {
    tied += 1
    return id
  }
  const walk = walkTasks(store, {
    ...{ order: 'updated', rising: false, after: -ENDLESS },
    before: ENDLESS,
    at: now,
    lagMs: 0,
    tieOf,
  })
  expect(walk.next().value?.updatedAt).toBe(Math.max(...store.ids().map((id) => store.get(id)?.updatedAt ?? 0)))
  expect(tied).toBeLessThan(30)
})
