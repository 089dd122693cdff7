import { addComment } from '../../clickup/add-comment.ts'
import { findComment } from '../../clickup/comments.ts'
import type { DeliverServices, Delivery, Sent } from './delivery.ts'
import { isMarked, marked } from './mark.ts'
import type { Session } from './session.ts'

/** So long after it was sent, a comment that ClickUp took is shown: reads lag a few seconds, and a call ends after ten. */
const READ_BACK_MS = 30_000
/** ClickUp's clock may be behind ours. */
const SLACK_MS = 10 * 60_000
/** 25 comments each: five hundred within minutes are no conversation. */
const PAGES = 20

type Comment = NonNullable<Delivery['comment']>

/**
 * Writes a comment once. ClickUp has no idempotency key, so it is written down before that it will be sent, and when nobody knows
 * whether it was taken, the task's comments are looked through for its mark before it is sent again.
 *
 *     open ─▶ sending ─▶ POST ─▶ added ──────▶ done            a crash, or no answer: sending stays
 *                             ├▶ refused ────▶ failed          sending, 30 s later ─▶ GET ─▶ found ──▶ done
 *                             └▶ not taken ──▶ open                                      └▶ absent ─▶ POST
 */
export async function deliverComment(session: Session, comment: Comment, services: DeliverServices): Promise<Sent> {
  const { clock } = services
  const state = session.record.outputs.comment
  if (state?.stage !== 'sending') return write(session, comment, services)
  const readableAt = state.since + READ_BACK_MS
  if (clock.now() < readableAt)
    return { kind: 'later', until: readableAt, reason: 'ClickUp may show soon whether it took the comment.' }
  return readBack(session, comment, services)
}

async function write(session: Session, { taskId, text }: Comment, services: DeliverServices): Promise<Sent> {
  const { clock, clickupOf } = services
  const { occasion } = session.record
  const clickup = clickupOf(occasion.connection)
  await session.mark('comment', { stage: 'sending', since: clock.now() })
  const outcome = await addComment(clickup, taskId, marked(text, occasion))
  switch (outcome.kind) {
    case 'added':
      return settle(session, { stage: 'done', at: clock.now(), id: outcome.id })
    case 'invalid':
    case 'notFound':
      return settle(session, { stage: 'failed', at: clock.now(), reason: outcome.reason })
    // The token is brought by somebody some day; till then the job comes again as often as its queue lets it.
    case 'tokenDead':
    case 'later':
      await session.mark('comment', { stage: 'open' })
      return { kind: 'later', reason: outcome.reason, until: outcome.kind === 'later' ? outcome.until : null }
    case 'unknown':
      return { kind: 'later', reason: outcome.reason, until: clock.now() + READ_BACK_MS }
  }
}

async function readBack(session: Session, comment: Comment, services: DeliverServices): Promise<Sent> {
  const { clock, clickupOf } = services
  const { occasion, openedAt } = session.record
  // It may have been sent more than once by now, and never before the occasion was begun.
  const outcome = await findComment(clickupOf(occasion.connection), comment.taskId, {
    since: openedAt - SLACK_MS,
    pages: PAGES,
    isIt: (text) => isMarked(text, occasion),
  })
  switch (outcome.kind) {
    case 'found':
      return settle(session, { stage: 'done', at: clock.now(), id: outcome.id })
    case 'absent':
      return write(session, comment, services)
    // Twice would be worse than a doubt.
    case 'tooMany':
      return settle(session, { stage: 'failed', at: clock.now(), reason: TOO_MANY })
    case 'invalid':
    case 'notFound':
      return settle(session, { stage: 'failed', at: clock.now(), reason: outcome.reason })
    case 'tokenDead':
    case 'unknown':
      return { kind: 'later', reason: outcome.reason, until: null }
    case 'later':
      return { kind: 'later', reason: outcome.reason, until: outcome.until }
  }
}

const TOO_MANY = `Nobody knows whether ClickUp took the comment, and more than ${PAGES * 25} came since: look at the task.`

async function settle(session: Session, state: Parameters<Session['mark']>[1]): Promise<Sent> {
  await session.mark('comment', state)
  return { kind: 'settled' }
}
