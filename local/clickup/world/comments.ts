import type { EventName } from '../../../core/clickup/event-names.ts'
import type { Actor } from './mutation.ts'
import { personOf, type Tools } from './tools.ts'
import type { Comment } from './types.ts'

/** A comment's text as rich parts: the text, then the block that ends it. */
const commentParts = (comment: Comment) => [
  { text: comment.text, attributes: {} },
  { text: '\n', attributes: { 'block-id': `block-${comment.blockId}` } },
]

export function commentMutations(tools: Tools) {
  const { store } = tools

  function tell(name: string, actor: Actor, event: EventName, comment: Comment): void {
    const located = tools.living(comment.taskId)
    const now = tools.now()
    tools.revise(located.task, {}, now, tools.habits.commentsKeepDateUpdated)
    const author = personOf(tools.user(comment.userId))
    // An edit repeats the id, the date and `after` of the posting: nothing but the text tells the two apart.
    const change = tools.item(actor, comment.date, 'comment', located.list.id, {
      id: comment.historyId,
      before: null,
      after: comment.id,
      comment: {
        id: comment.id,
        date: String(comment.date),
        parent: comment.taskId,
        type: 1,
        comment: commentParts(comment),
        text_content: `${comment.text}\n`,
        x: null,
        y: null,
        image_y: null,
        image_x: null,
        page: null,
        comment_number: null,
        page_id: null,
        page_name: null,
        view_id: null,
        view_name: null,
        team: null,
        user: author,
        new_thread_count: 0,
        new_mentioned_thread_count: 0,
        email_attachments: [],
        threaded_users: [],
        threaded_replies: 0,
        threaded_assignees: 0,
        threaded_assignees_members: [],
        threaded_unresolved_count: 0,
        thread_followers: [author],
        group_thread_followers: [],
        reactions: [],
        emails: [],
      },
    })
    tools.tell(name, actor, now, tools.twins(located, event, change))
  }

  function comment(actor: Actor, taskId: string, text: string, assigneeId: number | null = null): Comment {
    const { task } = tools.living(taskId)
    const posted: Comment = {
      id: tools.ids.comment(),
      taskId: task.id,
      userId: actor.userId,
      text,
      blockId: tools.ids.uuid(),
      date: tools.now(),
      historyId: tools.ids.snowflake(),
      resolved: false,
      assigneeId,
    }
    store.comments.set(posted.id, posted)
    store.commentIdsByTask.set(task.id, [...(store.commentIdsByTask.get(task.id) ?? []), posted.id])
    tell('comment', actor, 'taskCommentPosted', posted)
    return posted
  }

  /** @throws Error for an unknown comment */
  function editComment(
    actor: Actor,
    commentId: string,
    text: string,
    rest: Partial<Pick<Comment, 'resolved' | 'assigneeId'>> = {},
  ): Comment {
    const before = store.comments.get(commentId)
    if (before === undefined) throw new Error(`There is no comment ${commentId}.`)
    const edited = { ...before, ...rest, text }
    store.comments.set(commentId, edited)
    if (text !== before.text) tell('editComment', actor, 'taskCommentUpdated', edited)
    return edited
  }

  /** No event tells of a deleted comment. */
  function deleteComment(actor: Actor, commentId: string): void {
    const gone = store.comments.get(commentId)
    if (gone === undefined) return
    store.comments.delete(commentId)
    const rest = (store.commentIdsByTask.get(gone.taskId) ?? []).filter((id) => id !== commentId)
    store.commentIdsByTask.set(gone.taskId, rest)
    const resource = { kind: 'task', id: gone.taskId } as const
    tools.tell(
      'deleteComment',
      actor,
      tools.now(),
      [],
      [{ resource, field: 'comment', before: commentId, after: null }],
    )
  }

  return { comment, editComment, deleteComment }
}
