import * as z from 'zod'
import type { Comment } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { type Answer, ERRORS, ok } from '../answer.ts'
import { number, readBody } from '../body.ts'
import { actorOf, type Call, type Handler, numberIn, param, visibleTask } from '../call.ts'
import { personIn } from '../render/people.ts'

const PAGE = 25
const part = z.looseObject({ text: z.string().default('') })
const createSchema = z.union([
  z.looseObject({ comment_text: z.string().min(1), assignee: number.nullish() }),
  z.looseObject({ comment: z.array(part).min(1), assignee: number.nullish(), comment_text: z.undefined() }),
])
const updateSchema = z.looseObject({
  comment_text: z.string().min(1),
  resolved: z.boolean().optional(),
  assignee: number.nullish(),
})

function render(world: World, comment: Comment) {
  const author = world.store.users.get(comment.userId)
  const assignee = comment.assigneeId === null ? undefined : world.store.users.get(comment.assigneeId)
  return {
    id: comment.id,
    comment: [{ text: comment.text }],
    comment_text: comment.text,
    user: author ? personIn(author) : null,
    resolved: comment.resolved,
    assignee: assignee ? personIn(assignee) : null,
    assigned_by: assignee && author ? personIn(author) : null,
    reactions: [],
    date: String(comment.date),
    reply_count: '0',
  }
}

/** 25 comments, the newest first; `start` and `start_id` are of the oldest one that the caller has. */
function listComments(call: Call): Answer {
  const found = visibleTask(call)
  if (found.kind === 'refused') return found.answer
  const { store } = call.world
  const ids = store.commentIdsByTask.get(found.located.task.id) ?? []
  const newestFirst = ids.flatMap((id) => store.comments.get(id) ?? []).reverse()
  const start = numberIn(call, 'start')
  const startId = call.query.get('start_id')
  const at = newestFirst.findIndex(({ id }) => id === startId)
  const rest =
    start === undefined
      ? newestFirst
      : at >= 0
        ? newestFirst.slice(at + 1)
        : newestFirst.filter(({ date }) => date < start)
  return ok({ comments: rest.slice(0, PAGE).map((comment) => render(call.world, comment)) })
}

function postComment(call: Call): Answer {
  const found = visibleTask(call)
  if (found.kind === 'refused') return found.answer
  const read = readBody(createSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { data } = read
  const text = data.comment_text ?? data.comment.map((each) => each.text).join('')
  const posted = call.world.comment(actorOf(call), found.located.task.id, text, data.assignee ?? null)
  return ok({ id: posted.id, hist_id: posted.historyId, date: posted.date })
}

/** A comment by its own id, if its task can be seen. */
const onComment =
  (act: (call: Call, comment: Comment) => Answer): Handler =>
  (call) => {
    const comment = call.world.store.comments.get(param(call, 'comment'))
    if (comment === undefined) return ERRORS.noAccess
    const found = visibleTask(call, comment.taskId)
    return found.kind === 'refused' ? found.answer : act(call, comment)
  }

export const commentRoutes: Record<string, Handler> = {
  'GET /v2/task/:task/comment': listComments,
  'POST /v2/task/:task/comment': postComment,
  'PUT /v2/comment/:comment': onComment((call, comment) => {
    const read = readBody(updateSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { comment_text: text, resolved = comment.resolved, assignee = comment.assigneeId } = read.data
    call.world.editComment(actorOf(call), comment.id, text, { resolved, assigneeId: assignee })
    return ok({})
  }),
  'DELETE /v2/comment/:comment': onComment((call, comment) => {
    call.world.deleteComment(actorOf(call), comment.id)
    return ok({})
  }),
}
