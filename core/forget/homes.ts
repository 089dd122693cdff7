import * as z from 'zod'
import { SK } from '../platform/tables.ts'
import { homesText } from '../tasks/entry-homes.ts'
import type { Item } from './item.ts'

const homesSchema = z.looseObject({ homes: z.array(z.object({ pk: z.string(), sk: z.string() })) })

/** A note of where a time entry stands, without the places that go; null for what is no such note, or names none of them. */
export function judgeHomes(item: Item, pk: string): { kind: 'delete' } | { kind: 'put'; item: Item } | null {
  if (item[SK] !== 'homes') return null
  const parsed = homesSchema.safeParse(item)
  if (!parsed.success) return null
  const left = parsed.data.homes.filter((home) => home.pk !== pk)
  if (left.length === parsed.data.homes.length) return null
  return left.length === 0 ? { kind: 'delete' } : { kind: 'put', item: { ...item, homes: left, text: homesText(left) } }
}
