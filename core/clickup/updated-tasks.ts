import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { listedTaskSchema, type TaskAnswer } from './task.ts'

/** The most that one page carries. */
const PAGE = 100

/** What `date_updated` may be, both ends included, milliseconds since 1970; and the page to begin with. */
export type Span = { since: number; until: number | null; page: number }

export type UpdatedQuery = {
  workspaceId: string
  span: Span
  archived: boolean
  /** Asks for the order that ClickUp does not give by itself. */
  reverse: boolean
  /** Only tasks of these places, where some were chosen. */
  spaceIds: readonly string[]
  listIds: readonly string[]
}

export type UpdatedPage = {
  tasks: TaskAnswer[]
  /** Tasks that could not be read; the others are good. */
  broken: number
  observedAt: number
  /** Whether what was updated first comes first. */
  oldestFirst: boolean
  /** When the last of the page was updated; 0 when it does not say. */
  reached: number
  /** What is left to list after this page, for whoever goes on from here; `null` when nothing is. */
  rest: Span | null
}

const pageAnswer = z.looseObject({ tasks: z.array(z.unknown()) })

/**
 * Reads one page of the tasks that were updated within a span, closed ones and subtasks included; what is left of the span is
 * the next page's.
 *
 * The set moves while it is paged, each answer may lag by seconds of its own, and a bulk edit gives hundreds of tasks one
 * timestamp. So the listing goes on from the last timestamp of a page rather than by page number, and counts pages only
 * within one timestamp. Which way `order_by=updated` runs is not documented: the answer tells.
 */
export async function updatedTasks(clickup: Pick<ClickUp, 'get'>, query: UpdatedQuery): Promise<Answer<UpdatedPage>> {
  const answer = await clickup.get(pathOf(query), pageAnswer)
  if (answer.kind !== 'ok') return answer
  const { tasks, broken } = readAll(answer.value.tasks)
  const times = tasks.flatMap(({ date_updated: at }) => at ?? [])
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const isFull = answer.value.tasks.length >= PAGE
  const rest = isFull ? after(query.span, first, last) : null
  const { observedAt } = answer
  return {
    kind: 'ok',
    observedAt,
    value: { tasks, broken, observedAt, oldestFirst: first < last, reached: last, rest },
  }
}

function after(span: Span, first: number, last: number): Span {
  if (first < last) return { ...span, since: last, page: 0 }
  if (first > last) return { ...span, until: last, page: 0 }
  // One timestamp does not tell the way, and behind it there may be more of the same.
  return { ...span, page: span.page + 1 }
}

function readAll(answers: readonly unknown[]): { tasks: TaskAnswer[]; broken: number } {
  const tasks = answers.flatMap((each) => {
    const parsed = listedTaskSchema.safeParse(each)
    return parsed.success ? [parsed.data] : []
  })
  return { tasks, broken: answers.length - tasks.length }
}

function pathOf(query: UpdatedQuery): string {
  const { since, until, page } = query.span
  const parameters = new URLSearchParams({
    order_by: 'updated',
    include_closed: 'true',
    subtasks: 'true',
    // ClickUp leaves both ends out.
    date_updated_gt: String(since - 1),
  })
  if (until !== null) parameters.set('date_updated_lt', String(until + 1))
  if (query.reverse) parameters.set('reverse', 'true')
  if (query.archived) parameters.set('archived', 'true')
  if (page > 0) parameters.set('page', String(page))
  for (const id of query.spaceIds) parameters.append('space_ids[]', id)
  for (const id of query.listIds) parameters.append('list_ids[]', id)
  return `/team/${segment(query.workspaceId)}/task?${parameters}`
}
