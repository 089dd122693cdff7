import { isStorable, type Json, jsonSchema } from '../platform/json.ts'

/** Keys that carry personal data in values whose form we do not know. */
const PERSONAL = new Set(['email', 'profilePicture', 'initials', 'color'])

/** A value of unknown form, kept as it came but for personal data. */
export function scrubbed(value: unknown, storeEmails: boolean): Json {
  const parsed = jsonSchema.safeParse(value)
  return parsed.success ? strip(parsed.data, storeEmails) : null
}

function strip(value: Json, storeEmails: boolean): Json {
  if (Array.isArray(value)) return value.map((each) => strip(each, storeEmails))
  // What no table keeps as a number is kept as it reads.
  if (typeof value === 'number') return isStorable(value) ? value : String(value)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key]) => !PERSONAL.has(key) || (key === 'email' && storeEmails))
  return Object.fromEntries(kept.map(([key, each]) => [key, strip(each, storeEmails)]))
}
