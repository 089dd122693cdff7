import type { Random } from '../random.ts'
import { inApp } from '../world/mutation.ts'
import type { FieldValue, List, Priority, Task, User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { someFieldValue } from './field-value.ts'
import { description, remark, TAGS, taskName } from './words.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const PRIORITIES: readonly (Priority | null)[] = [1, 2, 3, 3, 4, null, null]

function someFields(world: World, list: List, random: Random): Map<string, FieldValue> {
  const values = new Map<string, FieldValue>()
  for (const field of world.fieldsOf(list)) {
    if (field.type === 'tasks' || !random.chance(0.4)) continue
    const value = someFieldValue(world, field, random)
    if (value !== undefined) values.set(field.id, value)
  }
  return values
}

function born(world: World, people: readonly User[], list: List, random: Random, parentId: string | null): Task {
  const due = random.chance(0.5) ? world.now() + random.int(5, 60) * DAY : null
  return world.createTask(inApp(random.pick(people).id), {
    listId: list.id,
    name: taskName(random),
    text: random.chance(0.6) ? description(random) : '',
    priority: random.pick(PRIORITIES),
    assigneeIds: random
      .shuffle(people)
      .slice(0, random.int(0, 2))
      .map(({ id }) => id),
    tags: random.chance(0.3) ? [random.pick(TAGS)] : [],
    dueDate: due === null ? null : due - (due % DAY),
    points: random.chance(0.2) ? random.int(1, 8) : null,
    timeEstimate: random.chance(0.3) ? random.int(1, 24) * HOUR : null,
    parentId,
    fields: parentId === null ? someFields(world, list, random) : new Map(),
  })
}

/** A task with a life behind it: born some time ago, moved through statuses, spoken about, worked on. */
export function createPastTask(world: World, people: readonly User[], list: List, now: number, random: Random): void {
  const birth = now - random.int(2 * HOUR, 120 * DAY)
  const task = world.inThePast(birth, () => born(world, people, list, random, null))
  let at = birth
  const then = (act: (userId: number) => void) => {
    // Never quite up to now, so that what happens next is newer than all of it.
    at += Math.floor((now - at) * random.next() * 0.6)
    const person = random.pick(people)
    world.inThePast(at, () => act(person.id))
  }
  for (let count = random.chance(0.15) ? random.int(1, 3) : 0; count > 0; count--) {
    then(() => born(world, people, list, random, task.id))
  }
  const statuses = world.statusesOf(list)
  const reached = random.int(0, statuses.length - 1)
  for (const status of statuses.slice(1, reached + 1)) {
    then((userId) => world.setStatus(inApp(userId), task.id, status.status))
    if (random.chance(0.3)) then((userId) => world.comment(inApp(userId), task.id, remark(random)))
    if (random.chance(0.2)) {
      const end = at
      then((userId) =>
        world.trackTime(inApp(userId), { taskId: task.id, start: end - random.int(1, 16) * 900_000, end }),
      )
    }
  }
  if (random.chance(0.03)) then((userId) => world.archive(inApp(userId), task.id))
}
