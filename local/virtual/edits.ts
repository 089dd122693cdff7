import { someFieldValue } from '../clickup/demo/field-value.ts'
import { remark, TAGS } from '../clickup/demo/words.ts'
import type { Random } from '../clickup/random.ts'
import { type Actor, inApp } from '../clickup/world/mutation.ts'
import type { Priority, Task } from '../clickup/world/types.ts'
import type { World } from '../clickup/world/world.ts'

/**
 * What people do to a task in a storm, and how often. Nothing is in it that no delivery tells of (a further list, a restored
 * task): no storm, only a sweep could find that.
 */
const USUAL = {
  status: 300,
  priority: 80,
  assign: 100,
  unassign: 60,
  tag: 60,
  untag: 40,
  dueDate: 80,
  estimate: 40,
  points: 40,
  field: 80,
  rename: 40,
  comment: 100,
  trackTime: 40,
  archive: 5,
  move: 0,
  deleteTask: 0,
}
export type Kind = keyof typeof USUAL

const DAY = 86_400_000
const QUARTER_HOUR = 900_000
const PRIORITIES: readonly (Priority | null)[] = [1, 2, 3, 4, null]
const MOST_DRAWS = 100

export type Editor = {
  /** Makes one change of the task, of a kind that was drawn or is given. Nothing if the task is gone. */
  edit(taskId: string, kind?: Kind): void
}

export function createEditor(world: World, random: Random, weights: Partial<Record<Kind, number>> = {}): Editor {
  const people = world.users().filter(({ bot }) => !bot)
  const lists = world.lists().filter(({ archived }) => !archived)
  const mix = { ...USUAL, ...weights }
  let fresh = 0

  const acts: Record<Kind, (actor: Actor, task: Task) => unknown> = {
    status: (actor, task) => {
      const list = world.store.lists.get(task.listId)
      return list && world.setStatus(actor, task.id, random.pick(world.statusesOf(list)).status)
    },
    priority: (actor, { id }) => world.setPriority(actor, id, random.pick(PRIORITIES)),
    assign: (actor, { id }) => world.assign(actor, id, random.pick(people).id),
    unassign: (actor, task) => {
      if (task.assigneeIds.length > 0) world.unassign(actor, task.id, random.pick(task.assigneeIds))
    },
    tag: (actor, { id }) => world.addTag(actor, id, random.pick(TAGS)),
    untag: (actor, task) => {
      if (task.tags.length > 0) world.removeTag(actor, task.id, random.pick(task.tags).name)
    },
    dueDate: (actor, { id }) =>
      world.setDueDate(actor, id, world.now() - (world.now() % DAY) + random.int(1, 40) * DAY),
    estimate: (actor, { id }) => world.estimate(actor, id, random.int(1, 40) * QUARTER_HOUR),
    points: (actor, { id }) => world.setPoints(actor, id, random.int(1, 21)),
    field: (actor, task) => {
      const list = world.store.lists.get(task.listId)
      // A field of tasks shows the others' names, which change with those.
      const fields = list === undefined ? [] : world.fieldsOf(list).filter(({ type }) => type !== 'tasks')
      const field = fields.length === 0 ? undefined : random.pick(fields)
      const value = field && someFieldValue(world, field, random)
      if (field !== undefined && value !== undefined) world.setField(actor, task.id, field.id, value)
    },
    rename: (actor, { id, name }) => world.rename(actor, id, `${name.replace(/ \(\d+\)$/, '')} (${++fresh})`),
    comment: (actor, { id }) => world.comment(actor, id, `${remark(random)} (${++fresh})`),
    trackTime: (actor, { id }) => {
      const end = world.now() - random.int(1, QUARTER_HOUR)
      world.trackTime(actor, { taskId: id, start: end - random.int(1, 16) * QUARTER_HOUR, end })
    },
    archive: (actor, { id, archived }) => world.archive(actor, id, !archived),
    move: (actor, { id }) => world.move(actor, id, random.pick(lists).id),
    deleteTask: (actor, { id }) => world.deleteTask(actor, id),
  }

  return {
    edit(taskId, kind) {
      const before = world.revision()
      for (let draw = 0; draw < MOST_DRAWS && world.revision() === before; draw++) {
        const task = world.task(taskId)
        if (task === undefined) return
        acts[kind ?? random.weighted(mix)](inApp(random.pick(people).id), task)
      }
    },
  }
}
