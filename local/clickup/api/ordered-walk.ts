import type { TaskStore } from '../world/task-store.ts'
import type { Task } from '../world/types.ts'

/** How the tasks of a workspace are gone through. */
export type Walk = {
  /** Those alone that were ever in this list, which is possible by `created`. */
  readonly listId?: string | undefined
  readonly order: 'created' | 'updated'
  readonly rising: boolean
  /** Of the last update, neither end included. Only `updated` may be bounded. */
  readonly after: number
  readonly before: number
  /** ClickUp's clock at the moment that is looked at, and how long ago that is. */
  readonly at: number
  readonly lagMs: number
  /** What decides between tasks of one timestamp: the greater comes later when `rising`. */
  tieOf(task: Task): string | number
}

/**
 * The tasks in the order of a listing, one after the other, so that a page costs what it holds and not what there is.
 * A lagging walk shows each task as it was, at the place that it had then.
 */
export function* walkTasks(store: TaskStore, walk: Walk): Generator<Task> {
  const sign = walk.rising ? 1 : -1
  const keyOf = (task: Task) => (walk.order === 'created' ? task.createdAt : task.updatedAt)
  let group: { task: Task; tie: string | number }[] = []
  let key = Number.NaN
  function* ended(): Generator<Task> {
    group.sort((a, b) => (a.tie < b.tie ? -sign : sign))
    for (const { task } of group) yield task
  }
  for (const task of inOrder(store, walk, keyOf)) {
    if (keyOf(task) !== key) {
      yield* ended()
      group = []
      key = keyOf(task)
    }
    group.push({ task, tie: walk.tieOf(task) })
  }
  yield* ended()
}

/** By key alone. */
function* inOrder(store: TaskStore, walk: Walk, keyOf: (task: Task) => number): Generator<Task> {
  const { rising, at, lagMs } = walk
  const seen = (id: string) => (lagMs === 0 ? store.get(id) : store.asOf(id, at))
  // What was updated since stood elsewhere then: it is put in where it was.
  const isLagging = walk.order === 'updated' && lagMs > 0
  const moved = isLagging ? movedSince(store, walk) : []
  const before = isLagging ? Math.min(walk.before, at + 1) : walk.before
  const ids = walk.order === 'created' ? store.byBirth(walk.listId, rising) : store.byUpdate(walk.after, before, rising)
  let next = 0
  const isBefore = (one: Task, other: Task) => (rising ? keyOf(one) < keyOf(other) : keyOf(one) > keyOf(other))
  for (const id of ids) {
    const task = seen(id)
    if (task === undefined) continue
    for (let one = moved[next]; one !== undefined && isBefore(one, task); one = moved[++next]) yield one
    yield task
  }
  yield* moved.slice(next)
}

function movedSince(store: TaskStore, { after, before, at, rising }: Walk): Task[] {
  const found: Task[] = []
  for (const id of store.updatedAfter(at)) {
    const task = store.asOf(id, at)
    if (task !== undefined && task.updatedAt > after && task.updatedAt < before) found.push(task)
  }
  return found.sort((a, b) => (rising ? a.updatedAt - b.updatedAt : b.updatedAt - a.updatedAt))
}
