import { createHash } from 'node:crypto'
import type { Json } from '../platform/json.ts'

/** Two such values and the rest of a change stay far below DynamoDB's 400 KB and the bus's 256 KB. */
const VALUE_LIMIT_BYTES = 64 * 1024

/** Stands for a value that was lost on the way to the queue, because the delivery was too large for it. */
export const OMITTED = { omitted: 'too large' }

/**
 * DynamoDB takes 32 levels, its item and what stands around a value in it included; nothing that ClickUp tells is nearly as
 * deep: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_LEVELS = 24

/** Whether a value stands for one that was left out. */
export const isOmitted = (value: Json): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && 'omitted' in value

/** Whether nothing at all is known of a value that was left out: it has no hash to be compared by. */
export const isLost = (value: Json): boolean => isOmitted(value) && !isSummed(value)

const isSummed = (value: Json) => value !== null && typeof value === 'object' && 'sha256' in value

/** The value itself, or, when it is too large or too deep to keep, its length and hash: `{omitted: 'too large', bytes, sha256}`. */
export function capped(value: Json): Json {
  const text = JSON.stringify(value)
  const bytes = Buffer.byteLength(text)
  if (bytes <= VALUE_LIMIT_BYTES && !isDeeper(value, MAX_LEVELS)) return value
  return { ...OMITTED, bytes, sha256: createHash('sha256').update(text).digest('hex') }
}

const isDeeper = (value: Json, levels: number): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)))
