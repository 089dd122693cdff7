import * as z from 'zod'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The envelope of a delivery, as far as the way to the queue needs it. Nothing is converted and unknown keys stay, so that
 * what is derived from it means the same as the body itself. History items may be missing, null or `[]`: all mean none.
 */
export type Delivery = Record<string, unknown> & { event: string; history_items: Record<string, unknown>[] }

const eventSchema = z.object({ event: z.string().min(1) })

/** Signed by ClickUp yet not a delivery as we know it: kept, because dropping it could lose a change. */
export type ReadDelivery =
  | { kind: 'delivery'; delivery: Delivery }
  | { kind: 'unreadable'; reason: 'not JSON' | 'no event' }

/** Reads a verified body; before verification nothing looks inside. */
export function readDelivery(text: string): ReadDelivery {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { kind: 'unreadable', reason: 'not JSON' }
  }
  const result = eventSchema.safeParse(json)
  if (!result.success || !isRecord(json)) return { kind: 'unreadable', reason: 'no event' }
  const items: unknown[] = Array.isArray(json['history_items']) ? json['history_items'] : []
  const delivery = { ...json, event: result.data.event, history_items: items.filter(isRecord) }
  return { kind: 'delivery', delivery }
}

const KINDS = ['task', 'list', 'folder', 'space', 'goal'] as const
/** No underscore: what looks like a token is no id. */
const ID = /^[a-zA-Z0-9-]{1,64}$/

/** What a verified delivery is about, as the consumer's lines name it; null where it names nothing in the form of an id. */
export function resourceNamed(delivery: Delivery): string | null {
  for (const kind of KINDS) {
    const id = delivery[`${kind}_id`]
    if ((typeof id === 'string' || typeof id === 'number') && ID.test(String(id))) return `${kind}/${id}`
  }
  return null
}
