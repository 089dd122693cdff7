import type { Faults } from '../faults.ts'
import { createRandom, type Random } from '../random.ts'
import type { Located } from '../world/context.ts'
import type { Task } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { walkTasks } from './ordered-walk.ts'
import { renderTaskInList } from './render/task.ts'

const PAGE_SIZE = 100

const ORDERS = {
  id: (located: Located) => located.task.id,
  created: (located: Located) => located.task.createdAt,
  updated: (located: Located) => located.task.updatedAt,
  due_date: (located: Located) => located.task.dueDate ?? 0,
} as const
export type Order = keyof typeof ORDERS
export const isOrder = (text: string): text is Order => Object.hasOwn(ORDERS, text)

/** What a listing asks for. `key` names the question: an unchanged world gives the same answer to the same one. */
export type Question = {
  readonly key: string
  /** Which tasks to look through: those of one list, or all. */
  readonly listId: string | undefined
  /** Only tasks that were updated later can match. */
  readonly updatedAfter: number | undefined
  /** Only tasks that were updated earlier can match. */
  readonly updatedBefore: number | undefined
  readonly matches: (located: Located, archived: boolean) => boolean
  readonly order: Order
  readonly reverse: boolean
  readonly page: number
  readonly lagMs: number
  readonly random: Random
}

/** An answer as far as it was needed, and what goes on with it. */
type Begun = { readonly found: Located[]; readonly rest: Iterator<Located> }

function grown({ found, rest }: Begun, count: number): readonly Located[] {
  while (found.length < count) {
    const next = rest.next()
    if (next.done === true) break
    found.push(next.value)
  }
  return found
}

/** The order in which tasks can be walked through for a question; undefined where what matches has to be found and sorted. */
function walkedOrder({ listId, order, updatedAfter, updatedBefore }: Question): 'created' | 'updated' | undefined {
  if (order === 'updated') return listId === undefined ? order : undefined
  // Where updates are bounded, what lies within the bounds is fewer than all births.
  const bounded = updatedAfter !== undefined || updatedBefore !== undefined
  return order === 'created' && (listId !== undefined || !bounded) ? order : undefined
}

export type TaskListing = ReturnType<typeof createTaskListing>

/** Pages of tasks: 100 at a time, the order of ties fixed unless the paging is unstable. */
export function createTaskListing(world: World, faults: Faults, seed: number) {
  let remembered = { of: '', answers: new Map<string, Begun>() }

  const draws = new Map<string, number>()

  function drawOf(taskId: string): number {
    const draw = draws.get(taskId) ?? createRandom(seed).fork(`archived ${taskId}`).next()
    draws.set(taskId, draw)
    return draw
  }

  /** A share of the tasks is shown as archived, chosen by the seed and the task alone. */
  const isArchived = (taskId: string, archived: boolean): boolean =>
    archived || (faults.archivedTasks > 0 && drawOf(taskId) < faults.archivedTasks)

  const isRising = ({ reverse }: Question) => reverse === (faults.defaultOrder === 'descending')

  const tieOf = ({ random }: Question, task: Task) => (faults.unstablePaging ? random.next() : task.id)

  /** What the question asks for, in its order. */
  function* answers(question: Question): Generator<Located> {
    const { updatedAfter: after, updatedBefore: before, lagMs } = question
    const order = walkedOrder(question)
    if (order === undefined) return yield* sort(find(question), question)
    const walk = {
      ...{ listId: question.listId, order, rising: isRising(question), at: world.now() - lagMs, lagMs },
      after: after ?? Number.NEGATIVE_INFINITY,
      before: before ?? Number.POSITIVE_INFINITY,
      tieOf: (task: Task) => tieOf(question, task),
    }
    for (const task of walkTasks(world.store.tasks, walk)) {
      const located = matching(task, question)
      if (located !== undefined) yield located
    }
  }

  function matching(task: Task | undefined, question: Question): Located | undefined {
    if (task === undefined || task.deleted) return undefined
    const located = world.locate(task)
    return located !== undefined && question.matches(located, isArchived(task.id, task.archived)) ? located : undefined
  }

  function find(question: Question): Located[] {
    const { listId, updatedAfter, lagMs } = question
    const { tasks } = world.store
    const at = world.now() - lagMs
    const all = updatedAfter === undefined ? tasks.ids() : tasks.updatedAfter(updatedAfter)
    const found: Located[] = []
    for (const id of listId === undefined ? all : tasks.everIn(listId)) {
      const located = matching(lagMs === 0 ? tasks.get(id) : tasks.asOf(id, at), question)
      if (located !== undefined) found.push(located)
    }
    return found
  }

  function sort(found: Located[], question: Question): Located[] {
    const keyOf = ORDERS[question.order]
    const sign = isRising(question) ? 1 : -1
    const keyed = found.map((located) => ({ located, key: keyOf(located), tie: tieOf(question, located.task) }))
    keyed.sort((a, b) => {
      if (a.key !== b.key) return a.key < b.key ? -sign : sign
      return a.tie < b.tie ? -sign : sign
    })
    return keyed.map(({ located }) => located)
  }

  /** The answer as far as `count` tasks, begun anew or gone on with: an unchanged world gives the same one to the same question. */
  function known(question: Question, count: number): readonly Located[] {
    if (question.lagMs > 0 || faults.unstablePaging) return grown({ found: [], rest: answers(question) }, count)
    const of = `${world.revision()} ${faults.archivedTasks} ${faults.defaultOrder}`
    if (remembered.of !== of) remembered = { of, answers: new Map() }
    const begun = remembered.answers.get(question.key) ?? { found: [], rest: answers(question) }
    if (remembered.answers.size < 16) remembered.answers.set(question.key, begun)
    return grown(begun, count)
  }

  return {
    isArchived,
    page(question: Question): { tasks: ReturnType<typeof renderTaskInList>[]; lastPage: boolean } {
      const from = question.page * PAGE_SIZE
      const answer = known(question, from + PAGE_SIZE + 1)
      const tasks = answer
        .slice(from, from + PAGE_SIZE)
        .map((located) => renderTaskInList(world, located, isArchived(located.task.id, located.task.archived)))
      return { tasks, lastPage: from + PAGE_SIZE >= answer.length }
    },
  }
}
