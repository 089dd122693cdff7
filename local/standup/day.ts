import type { FakeClickUp } from '../clickup/server.ts'
import { nameOf, type TaskTruth, truthOf } from './task-truth.ts'

export type DayTruth = {
  from: number
  until: number
  /** It may have been told until then: what lasts lasted longer by so much. */
  toldUntil: number
  timeZone: string
  lists: readonly string[]
  tasks: ReadonlyMap<string, TaskTruth>
  /** Everybody in the workspace, and what each wrote down on that day (ms) for tasks of the lists. */
  people: ReadonlyMap<string, number>
}

/**
 * The truth about the tasks of some lists in a span of time.
 *
 * @param given.heardFrom since when anybody listens: of the time before, nobody tells who did what
 */
export function dayOf(
  { world, log }: Pick<FakeClickUp, 'world' | 'log'>,
  given: Pick<DayTruth, 'from' | 'until' | 'timeZone'> & { lists: readonly string[]; heardFrom: number },
): DayTruth {
  const { lists, from, until, timeZone, heardFrom } = given
  const scope = new Set(lists)
  const all = world.store.tasks.ids().flatMap((id) => world.store.tasks.get(id) ?? [])
  const inScope = all.filter((task) => scope.has(task.listId) || task.otherListIds.some((id) => scope.has(id)))
  const changes = Map.groupBy(
    log.changes().filter(({ resource, date }) => resource.kind === 'task' && date >= from && date < until),
    ({ resource }) => resource.id,
  )
  const tasks = new Map<string, TaskTruth>()
  for (const task of inScope)
    tasks.set(task.id, truthOf(world, task, changes.get(task.id) ?? [], { from, until, heardFrom }))
  const ids = new Set(inScope.map(({ id }) => id))
  const people = new Map(world.users().map(({ username }) => [username, 0]))
  for (const { taskId, userId, start, end } of world.store.timeEntries.values()) {
    const name = nameOf(world, userId)
    if (taskId === null || !ids.has(taskId) || end === null || end < from || end >= until) continue
    people.set(name, (people.get(name) ?? 0) + end - start)
  }
  return {
    ...{ from, until, toldUntil: until, timeZone, tasks, people },
    lists: world.lists().flatMap(({ id, name }) => (scope.has(id) ? [name] : [])),
  }
}
