import { createHash } from 'node:crypto'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export type ChangeIdentity = {
  resourceKind: string
  resourceId: string
  /** `history_items[].id` as text. */
  historyId: string
  field: string
  /** Only for comments (see `contentHashOf`), else null. */
  contentHash: string | null
}

/**
 * The id of a change. Neither the event's name nor the webhook's id is in it: one change comes as two events, and while a
 * webhook is being replaced from two webhooks. A JSON tuple, so that no two different tuples read the same.
 */
export const changeId = ({ resourceKind, resourceId, historyId, field, contentHash }: ChangeIdentity): string =>
  sha256(JSON.stringify([resourceKind, resourceId, historyId, field, contentHash]))

/**
 * The hash of a comment's text and rich parts. An edited comment comes with the history id of the posted one, so only its
 * content tells the two apart.
 * @throws RangeError when the parts are nested deeper than the stack.
 */
export function commentHash(comment: unknown): string {
  const { text_content, comment: parts } = isObject(comment) ? comment : {}
  return sha256(JSON.stringify([text_content ?? null, parts ?? null]))
}

/**
 * The content hash of a history item, the same for its full and its slim form.
 * @param slim whether the delivery is a slim form: only there `content_hash` is ours.
 */
export function contentHashOf(item: Readonly<Record<string, unknown>>, slim: boolean): string | null {
  if (item.field !== 'comment') return null
  return slim && typeof item.content_hash === 'string' ? item.content_hash : commentHash(item.comment)
}

const isObject = (value: unknown): value is { text_content?: unknown; comment?: unknown } =>
  typeof value === 'object' && value !== null
