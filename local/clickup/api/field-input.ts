import { parseFieldValue } from '../world/field-values.ts'
import type { Field, FieldValue, List } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Answer, ERRORS } from './answer.ts'

const PROBLEMS = {
  FIELD_011: ERRORS.notAnOption,
  FIELD_017: ERRORS.notADate,
  FIELD_342: ERRORS.invalidValue,
} as const

type FieldInput =
  | { readonly kind: 'value'; readonly field: Field; readonly value: FieldValue | undefined }
  | { readonly kind: 'refused'; readonly answer: Answer }

/** A value given for a field of a task in this list, or the refusal. A cleared field has the value undefined. */
export function readFieldInput(
  world: World,
  list: List,
  fieldId: string,
  value: unknown,
  old: FieldValue | undefined,
): FieldInput {
  const field = world.fieldsOf(list).find((each) => each.id === fieldId)
  if (field === undefined) return { kind: 'refused', answer: ERRORS.fieldNotHere }
  const parsed = parseFieldValue(field, value, old)
  if (parsed.kind === 'problem') return { kind: 'refused', answer: PROBLEMS[parsed.code] }
  return { kind: 'value', field, value: parsed.kind === 'cleared' ? undefined : parsed }
}
