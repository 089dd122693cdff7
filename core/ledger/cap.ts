import { createHash } from 'node:crypto'
import type { Json } from '../platform/json.ts'

/** Two such values and the rest of a change stay far below DynamoDB's 400 KB and the bus's 256 KB. */
const VALUE_LIMIT_BYTES = 64 * 1024

/** Stands for a value that was lost on the way to the queue, because the delivery was too large for it. */
export const OMITTED = { omitted: 'too large' }

/** Whether a value stands for one that was left out. */
export const isOmitted = (value: Json): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && 'omitted' in value

/** The value itself, or, when it is too large to keep, its length and hash: `{omitted: 'too large', bytes, sha256}`. */
export function capped(value: Json): Json {
  const text = JSON.stringify(value)
  const bytes = Buffer.byteLength(text)
  if (bytes <= VALUE_LIMIT_BYTES) return value
  return { ...OMITTED, bytes, sha256: createHash('sha256').update(text).digest('hex') }
}
