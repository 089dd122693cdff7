import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { listedTaskSchema, type TaskAnswer } from './task.ts'

/** The most that one page carries. */
const PAGE = 100

export type ListPage = {
  tasks: TaskAnswer[]
  /** Tasks that could not be read; the others are good. */
  broken: number
  isLast: boolean
}

const pageAnswer = z.looseObject({ tasks: z.array(z.unknown()), last_page: z.boolean().optional() })

/** One page of the tasks whose home is a list, closed ones and subtasks included; archived ones are asked for by themselves. */
export async function tasksOfListPage(
  clickup: Pick<ClickUp, 'get'>,
  { listId, archived, page }: { listId: string; archived: boolean; page: number },
): Promise<Answer<ListPage>> {
  const parameters = new URLSearchParams({
    include_closed: 'true',
    subtasks: 'true',
    archived: String(archived),
    page: String(page),
  })
  const answer = await clickup.get(`/list/${segment(listId)}/task?${parameters}`, pageAnswer)
  if (answer.kind !== 'ok') return answer
  const { tasks: all, last_page: isLast } = answer.value
  const tasks = all.flatMap((each) => listedTaskSchema.safeParse(each).data ?? [])
  const value = { tasks, broken: all.length - tasks.length, isLast: isLast ?? all.length < PAGE }
  return { ...answer, value }
}
