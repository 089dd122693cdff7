import { DETAIL_TYPES } from '../../core/publish/detail-types.ts'
import { NOTICES } from '../../core/publish/notice.ts'
import { type KnownPlaces, type PlaceKind, resolve, statusValue } from '../../core/subscribe/known-places.ts'
import { valueProblem } from '../../core/subscribe/value-patterns.ts'
import { fieldsOf, isKnownField, type Wanted } from '../../core/subscribe/wanted.ts'
import { connectionOf } from '../connect/examine.ts'
import { Failure } from '../failure.ts'
import type { Target } from '../target.ts'
import type { SubscribeOptions } from './subscribe-options.ts'

const ORIGINS = ['webhook', 'sweep', 'backfill', 'replay']
const PEOPLE = new Set(['assignee_add', 'assignee_rem', 'watcher_add', 'watcher_rem'])

/** What the operator wants, names turned into ids; `notes` are for whoever wonders later why nothing comes. */
export function wantedOf(
  options: SubscribeOptions,
  known: KnownPlaces,
  target: Target,
): { wanted: Wanted; notes: string[] } {
  const notes: string[] = []
  const fields = [...new Set(options.field.flatMap(fieldsOf))]
  const hasValue = options.from !== undefined || options.to !== undefined
  if (options.type.length > 0 && fields.length > 0) throw new Failure('Say --field or --type, not both.')
  if (hasValue && options.field.length !== 1)
    throw new Failure('--from and --to need one --field whose value they are.')
  if (options.customField !== undefined && fields.length === 0) fields.push('custom_field')
  if (options.customField !== undefined && !fields.includes('custom_field'))
    throw new Failure('--custom-field goes with --field custom_field, or with no --field at all.')
  const unknown = options.origin.find((origin) => !ORIGINS.includes(origin))
  if (unknown !== undefined) throw new Failure(`There is no origin ${unknown}: use one of ${ORIGINS.join(', ')}.`)
  for (const field of fields)
    if (!isKnownField(field))
      notes.push(`${field} is no field that Hookline has a name for: its events are Task Field Changed.`)
  const places = (kind: PlaceKind) => options[kind].map((text) => placeOf(kind, text, known, notes))
  const value = (text: string | undefined) => (text === undefined ? undefined : sideOf(fields, text, known, notes))
  const wanted: Wanted = {
    ...{ fields, types: options.type.map(typeOf), from: value(options.from), to: value(options.to) },
    customField: options.customField,
    ...{ lists: places('list'), folders: places('folder'), spaces: places('space') },
    connections: options.connection.map((name) => connectionOf(target, name)),
    origins: options.origin,
    notOrigins: options.replay ? [] : ['replay'],
    notOwn: options.notOwn,
  }
  if (wanted.lists.length + wanted.folders.length + wanted.spaces.length > 0)
    notes.push(
      'A change that is published without its task (degraded) may not say where it is, and is not matched then.',
    )
  return { wanted, notes }
}

function typeOf(text: string): string {
  const all = [...DETAIL_TYPES, ...Object.keys(NOTICES)]
  const found = all.find((type) => type.toLowerCase() === text.trim().toLowerCase())
  if (found !== undefined) return found
  throw new Failure(
    `There is no detail type "${text}": docs/events.md has all of them, such as ${all.slice(0, 3).join(', ')}.`,
  )
}

function placeOf(kind: PlaceKind, text: string, known: KnownPlaces, notes: string[]): string {
  const found = resolve(text, known[kind])
  switch (found.kind) {
    case 'found':
      return found.id
    case 'unlisted':
      notes.push(`No ${kind} of the id ${found.id} has been listed yet: it is taken as it is.`)
      return found.id
    case 'ambiguous':
      throw new Failure(
        `There are ${found.ids.length} of the ${kind} ${text}: say which by its id, ${found.ids.join(' or ')}.`,
      )
    case 'unknown':
      throw new Failure(
        `There is no ${kind} ${text}: ${found.names.length === 0 ? 'none has been listed yet, so give its id' : `there are ${found.names.join(', ')}`}.`,
      )
  }
}

/** A value as the pattern takes it: people and lists by their ids, which stay when names change. */
function sideOf(fields: readonly string[], text: string, known: KnownPlaces, notes: string[]): string {
  const [field = ''] = fields
  const problem = valueProblem(field, text)
  if (problem !== null) throw new Failure(problem)
  if (field === 'status') {
    const { value, isKnown } = statusValue(text, known)
    if (!isKnown) {
      const names = [...new Set(known.statuses.map(({ name }) => name))].slice(0, 10)
      notes.push(
        `No status ${text} is known${names.length === 0 ? ' yet' : `, only ${names.join(', ')}`}: it is taken as it is.`,
      )
    }
    return value
  }
  if (field === 'section_moved') return placeOf('list', text, known, notes)
  if (!PEOPLE.has(field)) return text
  const found = resolve(text, known.people)
  if (found.kind === 'ambiguous')
    throw new Failure(
      `There are ${found.ids.length} people called ${text}: say which by the id, ${found.ids.join(' or ')}.`,
    )
  if (found.kind === 'unknown') notes.push(`Nobody called ${text} is known: the name is matched as it is.`)
  return found.kind === 'unknown' ? text : found.id
}
