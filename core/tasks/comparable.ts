import { isOmitted } from '../ledger/cap.ts'
import { canonical, type Json, jsonSchema, parseJson } from '../platform/json.ts'

/** Fields of which ClickUp works the value out: it changes with other tasks and fields, and nobody tells. */
const WORKED_OUT = new Set(['automatic_progress', 'formula', 'rollup'])

/**
 * What of a custom field's value can be compared; `undefined` for a field that cannot be. Deliveries and reads tell the same
 * value in different words (people by their ids and by all that is known of them, a progress with and without its percentage),
 * and a name in it changes without the field: so options, people and tasks are compared by their ids.
 */
export function comparable(type: string, value: Json): Json | undefined {
  if (WORKED_OUT.has(type)) return undefined
  if (value === null || isOmitted(value)) return value
  switch (type) {
    case 'drop_down':
      return idOf(value)
    case 'labels':
    case 'users':
    case 'tasks':
      return idsOf(value)
    case 'checkbox':
      // One that was never ticked has no value.
      return value === true ? true : null
    case 'manual_progress':
      return numberOf(memberOf(parsed(value), 'current') ?? value)
    case 'location':
      return pointOf(parsed(value))
    default:
      return value
  }
}

const parsed = (value: Json): Json => (typeof value === 'string' ? (jsonOf(value) ?? value) : value)

function jsonOf(text: string): Json | undefined {
  const value = jsonSchema.safeParse(parseJson(text))
  return value.success ? value.data : undefined
}

function memberOf(value: Json, key: string): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined
}

const idOf = (value: Json): Json => memberOf(value, 'id') ?? value

function idsOf(value: Json): Json {
  const ids = (Array.isArray(value) ? value : [value]).map((each) => wordOf(idOf(each)))
  return ids.length === 0 ? null : ids.sort()
}

/** An object where an id should be has its whole content for one: it may have a `toString` of its own that is none. */
const wordOf = (id: Json): string => (typeof id === 'object' ? canonical(id) : String(id))

function numberOf(value: Json): Json {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : value
}

function pointOf(value: Json): Json {
  const place = memberOf(value, 'location')
  const [lat, lng] = [memberOf(place ?? null, 'lat'), memberOf(place ?? null, 'lng')]
  return lat === undefined || lng === undefined ? value : { lat, lng }
}
