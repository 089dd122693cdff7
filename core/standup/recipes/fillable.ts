import type { FieldSchema, FieldSchemas, ListFields } from '../../clickup/field-schemas.ts'
import { fieldNamed, noField } from '../../clickup/set-custom-field.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Fault } from '../../upstream/fault.ts'

/** What can be chosen, by a label that no other option has; `value` as it is written and as it is kept. */
export type Option = { label: string; value: string | number }

/** How a field of a task can be filled. Reasons are sentences for whoever has written the recipe. */
export type Fillable =
  /** `most`: characters. */
  | { kind: 'text'; field: FieldSchema; most: number }
  | { kind: 'choice'; field: FieldSchema; many: boolean; options: readonly Option[] }
  | { kind: 'noField' | 'cannotFill'; reason: string }

/** One line of a list's column, read at a glance; of a longer text nobody there sees the end. */
const MOST_OF_SHORT_TEXT = 500
const MOST_OF_TEXT = 4_000
/** Providers hold a model to so many names at the most, and a model chooses badly among more. */
const MOST_OPTIONS = 100
const MOST_OF_LABEL = 120
const DEFAULT_RATING = 5

/** A field that is missing may be new: the list's fields are read anew, but not for each task of a bulk edit. */
const RENEW_MS = 10 * 60_000

/** How the field of a name is to be filled in the tasks of a list, by the schema that is kept; a fault where it cannot be read. */
export async function fillableField(
  schemas: FieldSchemas,
  { listId, name }: { listId: string; name: string },
  clock: Clock,
): Promise<Fillable | Fault> {
  const first = await schemas.of(listId)
  if (first.kind !== 'ok') return first
  const known = fillableOf(first.value, name)
  if (known.kind === 'text' || known.kind === 'choice' || clock.now() - first.value.readAt < RENEW_MS) return known
  const second = await schemas.refresh(listId, first.value.readAt)
  return second.kind === 'ok' ? fillableOf(second.value, name) : second
}

function fillableOf({ fields }: ListFields, name: string): Fillable {
  const found = fieldNamed(fields, name)
  const [field] = found
  if (found.length !== 1 || field === undefined) return { kind: 'noField', reason: noField(fields, found, name).reason }
  switch (field.type) {
    case 'short_text':
      return { kind: 'text', field, most: MOST_OF_SHORT_TEXT }
    case 'text':
      return { kind: 'text', field, most: MOST_OF_TEXT }
    case 'drop_down':
      return choiceOf(field, false, namedOptions(field))
    case 'labels':
      return choiceOf(field, true, namedOptions(field))
    case 'emoji': {
      const values = Array.from({ length: field.count ?? DEFAULT_RATING }, (_, i) => i + 1)
      return choiceOf(
        field,
        false,
        values.map((value) => ({ label: String(value), value })),
      )
    }
    default:
      return {
        kind: 'cannotFill',
        reason:
          `The field "${field.name}" is of the type ${field.type}, which no recipe fills: ` +
          'take a text, a dropdown, labels or a rating.',
      }
  }
}

function choiceOf(field: FieldSchema, many: boolean, options: readonly Option[]): Fillable {
  if (options.length === 0)
    return {
      kind: 'cannotFill',
      reason: `The field "${field.name}" has no options to choose from: add some in ClickUp.`,
    }
  if (options.length > MOST_OPTIONS)
    return {
      kind: 'cannotFill',
      reason: `The field "${field.name}" has ${options.length} options: a recipe chooses among ${MOST_OPTIONS} at the most.`,
    }
  return { kind: 'choice', field, many, options }
}

/** Options that have a name. Where several have the same, nobody can tell them apart, and none of them is chosen. */
function namedOptions({ options }: FieldSchema): Option[] {
  const labelled = options.map(({ id, name }) => ({ label: name.toWellFormed().trim(), value: id }))
  const byLabel = Map.groupBy(labelled, ({ label }) => label.toLowerCase())
  return labelled.filter(
    ({ label }) => label !== '' && label.length <= MOST_OF_LABEL && byLabel.get(label.toLowerCase())?.length === 1,
  )
}
