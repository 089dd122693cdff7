import * as z from 'zod'
import { type ClickUp, segment } from './client.ts'
import { resourceIdSchema } from './delivery.ts'
import { idSchema, timeSchema } from './scalars.ts'
import { type WriteFault, writeFaultOf } from './write-fault.ts'

/** ClickUp gives so many a page, the newest first: https://developer.clickup.com/docs/task-comments-pagination */
const PAGE = 25

const commentSchema = z.looseObject({ id: idSchema, comment_text: z.string().catch(''), date: timeSchema })
const pageSchema = z.looseObject({ comments: z.array(z.unknown()) })

export type SearchOutcome =
  | { kind: 'found'; id: string }
  | { kind: 'absent' }
  /** There are more than were read: nobody can say. */
  | { kind: 'tooMany' }
  | WriteFault

export type CommentSearch = {
  /** As far back as this (ms since 1970, ClickUp's clock). */
  since: number
  /** The most pages to read. */
  pages: number
  isIt(text: string): boolean
}

/**
 * Looks through the comments of a task, the newest first, for one by its text. A comment that cannot be read is passed over:
 * what it says cannot be ours.
 */
export async function findComment(
  clickup: Pick<ClickUp, 'get'>,
  taskId: string,
  { since, pages, isIt }: CommentSearch,
): Promise<SearchOutcome> {
  if (!resourceIdSchema.safeParse(taskId).success) return { kind: 'invalid', reason: `"${taskId}" is no id of a task.` }
  const path = `/task/${segment(taskId)}/comment`
  let query = ''
  for (let page = 0; page < pages; page += 1) {
    const answer = await clickup.get(`${path}${query}`, pageSchema)
    if (answer.kind !== 'ok') return writeFaultOf(answer, taskId, false)
    const { comments } = answer.value
    const read = comments.flatMap((each) => commentSchema.safeParse(each).data ?? [])
    const found = read.find(({ comment_text: text }) => isIt(text))
    if (found !== undefined) return { kind: 'found', id: found.id }
    const last = read.at(-1)
    if (comments.length < PAGE || (last !== undefined && last.date < since)) return { kind: 'absent' }
    // A page that does not say where it ends has no next one.
    if (last === undefined) return { kind: 'tooMany' }
    query = `?start=${last.date}&start_id=${encodeURIComponent(last.id)}`
  }
  return { kind: 'tooMany' }
}
