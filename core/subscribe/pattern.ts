import { EVENT_SOURCE } from '../platform/names.ts'
import { OTHER_TASK_FIELD, TASK_DETAIL_TYPES } from '../publish/detail-types.ts'
import { type Leaf, type Pattern, valuePatterns } from './value-patterns.ts'
import { isKnownField, type Wanted } from './wanted.ts'

/** The most characters that PutRule takes: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export const MAX_PATTERN = 4096

/** The event pattern of what is wanted, on the contract of docs/events.md. */
export function patternOf(wanted: Wanted): Pattern {
  const { fields, types } = wanted
  const names = [...new Set([...types, ...fields.map(detailTypeOf)])]
  const detail = detailOf(wanted)
  return {
    source: [EVENT_SOURCE],
    ...(names.length === 0 ? {} : { 'detail-type': names }),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  }
}

const detailTypeOf = (field: string): string =>
  isKnownField(field) ? (TASK_DETAIL_TYPES[field] ?? OTHER_TASK_FIELD) : OTHER_TASK_FIELD

function detailOf(wanted: Wanted): Pattern {
  const { fields, types, customField, connections, origins, notOrigins, notOwn } = wanted
  const origin: Leaf = origins.length > 0 ? origins : notOrigins.length > 0 ? [{ 'anything-but': [...notOrigins] }] : []
  return {
    ...(connections.length === 0 ? {} : { connection: connections }),
    ...(fields.length > 0 && types.length === 0 && !isWhole(fields) ? { field: fields } : {}),
    ...(customField === undefined ? {} : byNameOrId(customField)),
    ...(origin.length === 0 ? {} : { origin }),
    // A change without an actor is nobody's own: the sweep found it.
    ...(notOwn ? { actor: { isSelf: [false, null, { exists: false }] } } : {}),
    ...locationOf(wanted),
    ...valuesOf(wanted),
  }
}

/** Whether the detail types of these fields have no other field: then they need not be named. */
function isWhole(fields: readonly string[]): boolean {
  if (!fields.every(isKnownField)) return false
  const types = new Set(fields.map(detailTypeOf))
  return Object.entries(TASK_DETAIL_TYPES).every(([field, type]) => !types.has(type) || fields.includes(field))
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i

const byNameOrId = (text: string): Pattern => ({
  customField: UUID.test(text) ? { id: [text] } : { name: [{ 'equals-ignore-case': text }] },
})

function locationOf({ lists, folders, spaces }: Wanted): Pattern {
  const places = [
    ['list', lists],
    ['folder', folders],
    ['space', spaces],
  ] as const
  const given = places.filter(([, ids]) => ids.length > 0).map(([kind, ids]) => [kind, { id: ids }] as const)
  return given.length === 0 ? {} : { location: Object.fromEntries(given) }
}

/** The two sides; where a value may have several forms, each of them is a pattern of its own. */
function valuesOf({ fields, from, to }: Wanted): Pattern {
  const sides = [
    ['before', from],
    ['after', to],
  ] as const
  let branches: Pattern[] = [{}]
  for (const [side, text] of sides) {
    if (text === undefined) continue
    const forms = distinct(fields.flatMap((field) => valuePatterns(field, text)))
    branches = branches.flatMap((branch) => forms.map((form) => ({ ...branch, [side]: form })))
  }
  return branches.length === 1 ? (branches[0] ?? {}) : { $or: branches }
}

const distinct = (forms: readonly (Leaf | Pattern)[]) => [
  ...new Map(forms.map((form) => [JSON.stringify(form), form])).values(),
]
