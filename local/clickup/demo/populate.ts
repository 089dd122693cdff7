import type { Random } from '../random.ts'
import { inApp } from '../world/mutation.ts'
import type { Priority } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { description, TAGS, taskName } from './words.ts'

const HOUR = 3_600_000
const PRIORITIES: readonly (Priority | null)[] = [1, 2, 3, 4, null, null]

/** Adds tasks to the lists that there are, made in the last months; the history of the demo's own would cost too much. */
export function populate(world: World, random: Random, count: number): string[] {
  const people = world.users().filter(({ bot }) => !bot)
  const lists = world.lists().filter(({ archived }) => !archived)
  const now = world.now()
  return Array.from({ length: count }, () => {
    const list = random.pick(lists)
    const born = now - random.int(2, 90 * 24) * HOUR
    return world.inThePast(born, () => {
      const task = world.createTask(inApp(random.pick(people).id), {
        listId: list.id,
        name: taskName(random),
        text: random.chance(0.3) ? description(random) : '',
        status: random.pick(world.statusesOf(list)).status,
        priority: random.pick(PRIORITIES),
        assigneeIds: random.chance(0.6) ? [random.pick(people).id] : [],
        tags: random.chance(0.3) ? [random.pick(TAGS)] : [],
        points: random.chance(0.2) ? random.int(1, 8) : null,
      })
      return task.id
    })
  })
}
