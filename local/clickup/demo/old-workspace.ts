import type { Random } from '../random.ts'
import { inApp } from '../world/mutation.ts'
import type { List, Priority, User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { description, TAGS, taskName } from './words.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const PRIORITIES: readonly (Priority | null)[] = [1, 2, 3, 4, null, null]
/** Of the tasks, how many were last touched by a bulk edit, which gives hundreds of them one `date_updated`. */
const BULK_SHARE = 0.1
const BULK_SIZE = { min: 150, max: 600 }

type Lived = { readonly list: List; readonly born: number; readonly updatedAt: number }

/**
 * Makes the workspace as large and as old as asked: tasks of the last 90 days and a fifth of them older, closed ones, archived
 * ones, subtasks, bulk edits; and time entries, spread over the tasks. The same for the same seed and time. Nothing of it is in the log.
 */
export function growOld(world: World, random: Random, size: { tasks: number; timeEntries: number }): void {
  const people = world.users().filter(({ bot }) => !bot)
  const lists = world.lists().filter(({ archived }) => !archived)
  const now = world.now()
  const lives = livesOf(lists, now, random, size.tasks)
  const each = size.tasks === 0 ? 0 : size.timeEntries / size.tasks
  const parents = new Map<string, string>()
  let owed = 0
  for (const life of lives) {
    owed += each
    const entries = Math.floor(owed)
    owed -= entries
    const id = grow(world, people, life, random, { parentId: parents.get(life.list.id) ?? null, entries })
    if (id !== null) parents.set(life.list.id, id)
  }
}

/** Where and when, each list's tasks in the order of their births, so that a subtask is younger than its parent. */
function livesOf(lists: readonly List[], now: number, random: Random, count: number): Lived[] {
  const lives: Lived[] = []
  let bulk = { at: 0, left: 0 }
  for (let number = 0; number < count; number++) {
    if (bulk.left === 0 && random.chance(BULK_SHARE / ((BULK_SIZE.min + BULK_SIZE.max) / 2))) {
      bulk = { at: now - random.int(1, 90 * 24) * HOUR, left: random.int(BULK_SIZE.min, BULK_SIZE.max) }
    }
    const age = random.chance(0.2) ? random.int(90 * 24 * 60, 390 * 24 * 60) : random.int(2, 90 * 24 * 60)
    const own = now - age * MINUTE
    const inBulk = bulk.left > 0
    if (inBulk) bulk.left -= 1
    const updatedAt = inBulk ? bulk.at : own + Math.floor((now - MINUTE - own) * random.next() ** 2)
    lives.push({ list: random.pick(lists), born: Math.min(own, updatedAt), updatedAt })
  }
  return lives.sort((one, other) => one.born - other.born)
}

/** Answers the task's id if it can be a parent of the next. */
function grow(
  world: World,
  people: readonly User[],
  { list, born, updatedAt }: Lived,
  random: Random,
  of: { parentId: string | null; entries: number },
): string | null {
  const actor = inApp(random.pick(people).id)
  const isSubtask = of.parentId !== null && random.chance(0.1)
  const lengths = Array.from({ length: of.entries }, () => random.int(1, 16) * 15 * MINUTE)
  const timeSpent = lengths.length === 0 ? null : lengths.reduce((sum, length) => sum + length, 0)
  return world.inThePast(born, () => {
    const input = {
      listId: list.id,
      name: taskName(random),
      text: random.chance(0.3) ? description(random) : '',
      status: random.pick(world.statusesOf(list)).status,
      priority: random.pick(PRIORITIES),
      assigneeIds: random.chance(0.6) ? [random.pick(people).id] : [],
      tags: random.chance(0.3) ? [random.pick(TAGS)] : [],
      dueDate: random.chance(0.3) ? updatedAt - (updatedAt % DAY) + random.int(0, 30) * DAY : null,
      points: random.chance(0.2) ? random.int(1, 8) : null,
      parentId: isSubtask ? of.parentId : null,
      archived: random.chance(0.04),
    }
    const { id } = world.importTask(actor, input, { updatedAt, timeSpent })
    for (const length of lengths) {
      const end = born + Math.floor((updatedAt - born) * random.next())
      const userId = random.pick(people).id
      world.importTime(actor, { taskId: id, start: end - length, end, userId })
    }
    return isSubtask ? null : id
  })
}
