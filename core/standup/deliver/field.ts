import type { FieldInput } from '../../clickup/field-body.ts'
import { createFieldSchemas, type FieldSchemas } from '../../clickup/field-schemas.ts'
import { fieldNamed, type KnownTask, setCustomField } from '../../clickup/set-custom-field.ts'
import type { Json } from '../../platform/json.ts'
import type { DeliverServices, Delivery, Sent } from './delivery.ts'
import type { OutputState } from './record.ts'
import type { Session } from './session.ts'

/**
 * ClickUp documents no limit of a text, and says that a short one is a single line: so much, and no more, is read in a task and
 * in the column of a list (https://developer.clickup.com/docs/customfields).
 */
const MOST_CHARACTERS = { short: 500, long: 8_000 }

type Field = NonNullable<Delivery['field']>

/** Sets a custom field. To set it once more to the same changes nothing, so what nobody knows the end of is done again. */
export async function deliverField(session: Session, field: Field, services: DeliverServices): Promise<Sent> {
  const { clock, clickupOf, dynamo, tables } = services
  const { connection } = session.record.occasion
  const clickup = clickupOf(connection)
  const schemas = createFieldSchemas({ state: { dynamo, table: tables.state }, connection, clickup, clock })
  const known: KnownTask | undefined = field.listId ? { listId: field.listId } : undefined
  const value = typeof field.value === 'string' ? await fitting(field.value, field.name, known, schemas) : field.value
  const settle = async (state: OutputState): Promise<Sent> => {
    await session.mark('field', state)
    return { kind: 'settled' }
  }
  if (stands(value, field.current)) return settle({ stage: 'done', at: clock.now(), id: null })
  const outcome = await setCustomField({ clickup, schemas }, field.taskId, field.name, value, known)
  switch (outcome.kind) {
    case 'set':
    case 'cleared':
      return settle({ stage: 'done', at: clock.now(), id: null })
    case 'invalid':
    case 'notFound':
      return settle({ stage: 'failed', at: clock.now(), reason: outcome.reason })
    case 'tokenDead':
    case 'unknown':
      return { kind: 'later', reason: outcome.reason, until: null }
    case 'later':
      return { kind: 'later', reason: outcome.reason, until: outcome.until }
  }
}

/** A text as its field takes it. What cannot be found out about the field is said by ClickUp's refusal. */
async function fitting(
  text: string,
  name: string,
  known: KnownTask | undefined,
  schemas: FieldSchemas,
): Promise<string> {
  const listed = known === undefined ? null : await schemas.of(known.listId)
  const field = listed?.kind === 'ok' ? fieldNamed(listed.value.fields, name)[0] : undefined
  return field?.type === 'short_text'
    ? cut(text.replace(/\s+/g, ' ').trim(), MOST_CHARACTERS.short)
    : cut(text, MOST_CHARACTERS.long)
}

/** Well formed, because half of a character is none. */
const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`

/** Whether a field shows this already: options by id or name, as a snapshot has both. */
export function stands(value: FieldInput, current: Json | undefined): boolean {
  if (current === undefined) return false
  if (value === null || current === null) return value === current
  if (Array.isArray(value)) {
    if (!Array.isArray(current) || current.length !== value.length) return false
    return value.every((each) => current.some((one) => isOption(each, one)))
  }
  return typeof value === 'string' || typeof value === 'number' ? value === current || isOption(value, current) : false
}

const isOption = (value: string | number, shown: Json): boolean =>
  shown !== null &&
  typeof shown === 'object' &&
  !Array.isArray(shown) &&
  (shown['id'] === String(value) || shown['name'] === value)
