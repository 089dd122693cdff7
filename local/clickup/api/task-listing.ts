import type { Faults } from '../faults.ts'
import { createRandom, type Random } from '../random.ts'
import type { Located } from '../world/context.ts'
import type { World } from '../world/world.ts'
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
  readonly matches: (located: Located, archived: boolean) => boolean
  readonly order: Order
  readonly reverse: boolean
  readonly page: number
  readonly lagMs: number
  readonly random: Random
}

export type TaskListing = ReturnType<typeof createTaskListing>

/** Pages of tasks: 100 at a time, the order of ties fixed unless the paging is unstable. */
export function createTaskListing(world: World, faults: Faults, seed: number) {
  let remembered = { of: '', answers: new Map<string, Located[]>() }

  const draws = new Map<string, number>()

  function drawOf(taskId: string): number {
    const draw = draws.get(taskId) ?? createRandom(seed).fork(`archived ${taskId}`).next()
    draws.set(taskId, draw)
    return draw
  }

  /** A share of the tasks is shown as archived, chosen by the seed and the task alone. */
  const isArchived = (taskId: string, archived: boolean): boolean =>
    archived || (faults.archivedTasks > 0 && drawOf(taskId) < faults.archivedTasks)

  function candidates({ listId, updatedAfter }: Question): Iterable<string> {
    const { tasks } = world.store
    if (listId !== undefined) return tasks.everIn(listId)
    return updatedAfter === undefined ? tasks.ids() : tasks.updatedAfter(updatedAfter)
  }

  function find(question: Question): Located[] {
    const { tasks } = world.store
    const at = world.now() - question.lagMs
    const found: Located[] = []
    for (const id of candidates(question)) {
      const task = question.lagMs === 0 ? tasks.get(id) : tasks.asOf(id, at)
      if (task === undefined || task.deleted) continue
      const located = world.locate(task)
      if (located !== undefined && question.matches(located, isArchived(id, task.archived))) found.push(located)
    }
    return found
  }

  function sort(found: Located[], question: Question): Located[] {
    const keyOf = ORDERS[question.order]
    const rising = question.reverse === (faults.defaultOrder === 'descending')
    const sign = rising ? 1 : -1
    const keyed = found.map((located) => ({
      located,
      key: keyOf(located),
      tie: faults.unstablePaging ? question.random.next() : located.task.id,
    }))
    keyed.sort((a, b) => {
      if (a.key !== b.key) return a.key < b.key ? -sign : sign
      return a.tie < b.tie ? -sign : sign
    })
    return keyed.map(({ located }) => located)
  }

  function all(question: Question): Located[] {
    if (question.lagMs > 0 || faults.unstablePaging) return sort(find(question), question)
    const of = `${world.revision()} ${faults.archivedTasks} ${faults.defaultOrder}`
    if (remembered.of !== of) remembered = { of, answers: new Map() }
    const known = remembered.answers.get(question.key)
    if (known !== undefined) return known
    const answer = sort(find(question), question)
    if (remembered.answers.size < 16) remembered.answers.set(question.key, answer)
    return answer
  }

  return {
    isArchived,
    page(question: Question): { tasks: ReturnType<typeof renderTaskInList>[]; lastPage: boolean } {
      const answer = all(question)
      const from = question.page * PAGE_SIZE
      const tasks = answer
        .slice(from, from + PAGE_SIZE)
        .map((located) => renderTaskInList(world, located, isArchived(located.task.id, located.task.archived)))
      return { tasks, lastPage: from + PAGE_SIZE >= answer.length }
    },
  }
}
