import type { Delivery } from './delivery.ts'
import { contentHashOf } from './identity.ts'

/**
 * The slim form: what of a delivery the queue can always carry. The field names are those of a delivery; `before`, `after`
 * and a comment's content are missing, so the consumer has to read the task, but every change keeps its identity. When even
 * that is too large it has no history items and is a hint.
 * @param delivery null for a signed body that could not be read: its slim form is one that cannot be read either.
 * @param maxBytes what a message carries, as UTF-8.
 */
export function slimForm(delivery: Delivery | null, maxBytes: number): string {
  const forms = delivery ? [() => withItems(delivery), () => hint(delivery)] : []
  for (const form of forms) {
    const text = toSendableJson(form)
    if (text !== null && Buffer.byteLength(text) <= maxBytes) return text
  }
  return BARE
}

const BARE = JSON.stringify({ history_items: [], slim: true })

/** The ids say which webhook, workspace and resource it is about. */
function hint(delivery: Delivery): Record<string, unknown> {
  const ids = Object.entries(delivery).filter(([key]) => key.endsWith('_id'))
  return { event: delivery.event, ...Object.fromEntries(ids), history_items: [], slim: true }
}

const withItems = (delivery: Delivery) => ({
  ...hint(delivery),
  history_items: delivery.history_items.map((item) => {
    const hash = contentHashOf(item, false)
    return {
      ...pick(item, ['id', 'field', 'date', 'parent_id']),
      ...part(item, 'user', ['id', 'username']),
      ...part(item, 'comment', ['id']),
      // The options of a dropdown are what makes most large deliveries large.
      ...part(item, 'custom_field', ['id', 'name', 'type']),
      ...(hash === null ? {} : { content_hash: hash }),
    }
  }),
})

const part = (item: object, key: string, keys: string[]) => {
  const value = pick(item, [key])[key]
  return typeof value === 'object' && value !== null ? { [key]: pick(value, keys) } : {}
}

const pick = (value: object, keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))

/** Null when the value is nested deeper than the stack. */
function toSendableJson(build: () => unknown): string | null {
  try {
    // JSON leaves these two as they are, and SQS refuses them.
    return JSON.stringify(build()).replace(/[\uFFFE\uFFFF]/g, (character) =>
      character === '\uFFFE' ? '\\ufffe' : '\\uffff',
    )
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
