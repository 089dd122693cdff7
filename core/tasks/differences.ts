import { canonical, type Json } from '../platform/json.ts'
import type { Known } from './known.ts'

export type Difference = {
  key: string
  before: Json
  after: Json /** When `before` was last accounted for. */
  since: number
  /** When that was heard of, where that was long after. */
  heardAt?: number | undefined
}

/** Elements that are simply absent when they are gone; every other key that is absent was not carried by the answer. */
const ABSENT: readonly { prefix: string; value: Json }[] = [
  { prefix: 'assignee#', value: false },
  { prefix: 'tag#', value: false },
  { prefix: 'custom_field#', value: null },
]

/** What a look found that the ledger does not explain, in a fixed order. */
export function differences(known: Known, seen: ReadonlyMap<string, Json>): Difference[] {
  const found: Difference[] = []
  for (const key of [...new Set([...Object.keys(known.fields), ...seen.keys()])].sort()) {
    const element = ABSENT.find(({ prefix }) => key.startsWith(prefix))
    const accounted = known.fields[key]
    const before = accounted?.value ?? element?.value ?? null
    const after = seen.has(key) ? (seen.get(key) ?? null) : element?.value
    if (after === undefined || isSame(before, after)) continue
    found.push({ key, before, after, since: accounted?.at ?? 0, heardAt: accounted?.receivedAt })
  }
  return found
}

export const isSame = (a: Json, b: Json): boolean => a === b || canonical(a) === canonical(b)
