import type { Json } from '../platform/json.ts'
import type { Fault } from '../upstream/fault.ts'
import { typedValue } from './custom-fields.ts'
import { asCustomField, type FieldSchema, type FieldSchemas } from './field-schemas.ts'

export type TypedFieldValue =
  | { kind: 'typed'; field: FieldSchema; value: Json }
  /** It does not fit what the list says of the field, though that was read anew: the value as it came. */
  | { kind: 'unfit'; field: FieldSchema; value: Json }
  /** The list has no such field. */
  | { kind: 'noField' }
  | Fault

/**
 * A custom field's raw value, as a read or a delivery shows it, typed by the list's own schema. The schema is read anew once
 * when the value does not fit it: somebody has added an option, or the field itself.
 */
export async function typedFieldValue(
  schemas: FieldSchemas,
  { listId, fieldId, value, storeEmails }: { listId: string; fieldId: string; value: unknown; storeEmails: boolean },
): Promise<TypedFieldValue> {
  const first = await schemas.of(listId)
  if (first.kind !== 'ok') return first
  const known = typedBy(first.value.fields, fieldId, value, storeEmails)
  if (known.kind === 'typed') return known
  const second = await schemas.refresh(listId, first.value.readAt)
  return second.kind === 'ok' ? typedBy(second.value.fields, fieldId, value, storeEmails) : second
}

function typedBy(fields: readonly FieldSchema[], fieldId: string, raw: unknown, storeEmails: boolean): TypedFieldValue {
  const field = fields.find(({ id }) => id === fieldId)
  if (field === undefined) return { kind: 'noField' }
  const value = typedValue(asCustomField(field), raw, storeEmails)
  return { kind: value === null || isTyped(field.type, value) ? 'typed' : 'unfit', field, value }
}

/** What does not fit its type is kept as it came, so it does not look like its type. */
function isTyped(type: string, value: Json): boolean {
  switch (type) {
    case 'drop_down':
      return isNamed(value)
    case 'labels':
    case 'users':
    case 'tasks':
      return Array.isArray(value) && value.every(isNamed)
    case 'number':
    case 'currency':
    case 'emoji':
    case 'date':
      return typeof value === 'number'
    default:
      return true
  }
}

const isNamed = (value: Json) => value !== null && typeof value === 'object' && !Array.isArray(value) && 'id' in value
