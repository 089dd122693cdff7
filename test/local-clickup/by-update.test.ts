import { expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createByUpdate } from '../../local/clickup/world/by-update.ts'

test.each([1, 2, 3])('tasks by their last update are those that a look at all of them would find (seed %i)', (seed) => {
  const random = createRandom(seed)
  const byUpdate = createByUpdate()
  const last = new Map<string, number>()
  let now = 1_000
  for (let step = 0; step < 8_000; step++) {
    now += random.int(0, 3)
    const id = `t${random.int(0, 200)}`
    // Now and then something is entered with an earlier time, as the past of a world is.
    const at = Math.max(last.get(id) ?? 0, random.chance(0.02) ? random.int(1, now) : now)
    byUpdate.note(id, at)
    last.set(id, at)
    if (!random.chance(0.02)) continue
    const time = random.int(0, now + 10)
    const found = [...byUpdate.after(time)]
    expect(found.toSorted()).toEqual([...last].flatMap(([each, updated]) => (updated > time ? [each] : [])).toSorted())
  }
})
