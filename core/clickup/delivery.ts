import * as z from 'zod'
import { parseJson } from '../platform/json.ts'
import { LAST_SORTED_MS } from '../platform/tables.ts'
import { idSchema, timeSchema, userSchema } from './scalars.ts'

/** Ids go into table keys and URL paths: nothing but what ClickUp's ids are made of may pass. */
export const resourceIdSchema = idSchema.pipe(z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'is no id'))

/** What happened has a time that sorts in the ledger; one that does not is none. */
const historyTime = z.number().min(0).max(LAST_SORTED_MS)

const historyItemSchema = z.looseObject({
  id: idSchema,
  field: z
    .string()
    .min(1)
    .max(100)
    // Fields are keys of an object where they are accounted for, and none can be called so.
    .refine((field) => field !== '__proto__'),
  /** Absent or unreadable in no known delivery; the change is kept all the same. */
  date: timeSchema.pipe(historyTime).nullish().catch(null),
  parent_id: resourceIdSchema.nullish().catch(null),
  user: userSchema.nullish().catch(null),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  comment: z.unknown().optional(),
  custom_field: z.unknown().optional(),
})
export type HistoryItem = z.infer<typeof historyItemSchema>

const deliverySchema = z.looseObject({
  event: z.string().min(1).max(100),
  history_items: z.array(z.unknown()).nullish(),
})

export type Delivery = {
  event: string
  /** The whole body, for the resource's id and for what nobody knows yet. */
  body: Record<string, unknown>
  items: HistoryItem[]
  /** History items that could not be read: they say that something happened, not what. */
  unreadableItems: number
}

/** Reads a delivery's body, strict on what is used and tolerant of the rest. */
export function parseDelivery(
  text: string,
): { kind: 'delivery'; delivery: Delivery } | { kind: 'malformed'; reason: string } {
  const json = parseJson(text)
  if (json === undefined) return { kind: 'malformed', reason: 'the body is not JSON' }
  const parsed = deliverySchema.safeParse(json)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole')
    return { kind: 'malformed', reason: `the body is no delivery, by ${wrong.join(', ')}` }
  }
  const items: HistoryItem[] = []
  let unreadableItems = 0
  for (const each of parsed.data.history_items ?? []) {
    const item = historyItemSchema.safeParse(each)
    if (item.success) items.push(item.data)
    else unreadableItems += 1
  }
  return { kind: 'delivery', delivery: { event: parsed.data.event, body: parsed.data, items, unreadableItems } }
}
