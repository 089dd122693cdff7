import * as z from 'zod'
import { type ClickUp, segment } from './client.ts'
import { resourceIdSchema } from './delivery.ts'
import { idSchema } from './scalars.ts'
import { type WriteFault, writeFaultOf } from './write-fault.ts'

/** `id` is null when ClickUp took the comment and did not say under which id. */
export type AddCommentOutcome = { kind: 'added'; id: string | null } | WriteFault

export type CommentOptions = {
  /** Whether everybody who watches the task is told. @default false */
  notifyAll?: boolean
  /** Whom the comment is assigned to, by id. */
  assignee?: string | number
}

/** Whatever the answer's form, ClickUp has taken the comment: to call it refused would have it written again. */
const commentAnswer = z.looseObject({ id: idSchema.nullable().catch(null).optional() }).catch({})

/**
 * Writes a comment on a task, in the lane of the client. ClickUp has no idempotency key, so a comment of which nobody knows
 * whether it was taken is never sent again: `unknown` leaves that to whoever has looked.
 */
export async function addComment(
  clickup: Pick<ClickUp, 'send'>,
  taskId: string,
  text: string,
  { notifyAll = false, assignee }: CommentOptions = {},
): Promise<AddCommentOutcome> {
  if (!resourceIdSchema.safeParse(taskId).success) return { kind: 'invalid', reason: `"${taskId}" is no id of a task.` }
  if (text.trim() === '') return { kind: 'invalid', reason: 'A comment needs a text.' }
  const person = assignee === undefined ? undefined : Number(assignee)
  if (person !== undefined && !Number.isSafeInteger(person)) {
    return { kind: 'invalid', reason: 'A comment is assigned to a person by id, such as 183.' }
  }
  const answer = await clickup.send(
    'POST',
    `/task/${segment(taskId)}/comment`,
    { comment_text: text.toWellFormed(), notify_all: notifyAll, ...(person === undefined ? {} : { assignee: person }) },
    commentAnswer,
  )
  return answer.kind === 'ok' ? { kind: 'added', id: answer.value.id ?? null } : writeFaultOf(answer, taskId, true)
}
