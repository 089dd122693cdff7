import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { customFieldSchema } from './custom-fields.ts'
import { idSchema, numberSchema } from './scalars.ts'

/** A custom field as a list defines it: what has to be known to read its values and to write them. */
const fieldSchemaSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  options: z.array(z.object({ id: z.string(), name: z.string(), index: z.number().nullable() })),
  /** Of a progress: from and to. */
  start: z.number().nullable(),
  end: z.number().nullable(),
  /** Of a rating: the most. */
  count: z.number().nullable(),
})
export type FieldSchema = z.infer<typeof fieldSchemaSchema>

const cacheSchema = z.object({ readAt: z.number(), fields: z.array(fieldSchemaSchema) })
const cacheItem = versioned(cacheSchema)
/** The fields of a list, and when they were read (ms since 1970, our clock). */
export type ListFields = z.infer<typeof cacheSchema>

export type FieldSchemas = {
  /** The custom fields of a list's tasks, at most a day old. */
  of(listId: string): Promise<Answer<ListFields>>
  /** Reads them anew, because something does not fit; what was read since `readAt` by somebody else will do. */
  refresh(listId: string, readAt: number): Promise<Answer<ListFields>>
}

export type FieldSchemasServices = {
  /** The state table. */
  state: { dynamo: DynamoDBDocumentClient; table: string }
  connection: string
  clickup: Pick<ClickUp, 'get'>
  clock: Clock
}

const LIFE_MS = 24 * 3_600_000
/** A table's item holds 400 KB; a list with more in its fields is read every time. */
const MOST_BYTES = 350 * 1024

const configSchema = z.looseObject({
  start: numberSchema.optional(),
  end: numberSchema.optional(),
  count: numberSchema.optional(),
})
const listAnswer = z.looseObject({ fields: z.array(z.unknown()) })

export function createFieldSchemas({ state, connection, clickup, clock }: FieldSchemasServices): FieldSchemas {
  const keyOf = (listId: string) => ({ [PK]: stateKey(connection, `fields#${listId}`) })

  async function stored(listId: string): Promise<ListFields | null> {
    const { Item } = await state.dynamo.send(new GetCommand({ TableName: state.table, Key: keyOf(listId) }))
    return cacheItem.safeParse(Item).data ?? null
  }

  async function read(listId: string): Promise<Answer<ListFields>> {
    const readAt = clock.now()
    const answer = await clickup.get(`/list/${segment(listId)}/field`, listAnswer)
    if (answer.kind !== 'ok') return answer
    const value: ListFields = { readAt, fields: answer.value.fields.flatMap(fieldSchemaOf) }
    if (Buffer.byteLength(JSON.stringify(value)) <= MOST_BYTES) {
      const item = { ...keyOf(listId), ...value, schemaVersion: 1 }
      await state.dynamo.send(new PutCommand({ TableName: state.table, Item: item }))
    }
    return { ...answer, value }
  }

  const asAnswer = (value: ListFields): Answer<ListFields> => ({ kind: 'ok', value, observedAt: value.readAt })

  return {
    async of(listId) {
      const known = await stored(listId)
      return known !== null && clock.now() - known.readAt < LIFE_MS ? asAnswer(known) : read(listId)
    },
    async refresh(listId, readAt) {
      const known = await stored(listId)
      return known !== null && known.readAt > readAt ? asAnswer(known) : read(listId)
    },
  }
}

/** One field as a list, a task or a delivery describes it; none where that is no field. */
function fieldSchemaOf(answer: unknown): FieldSchema[] {
  const parsed = customFieldSchema.safeParse(answer)
  if (!parsed.success) return []
  const { id, name, type, type_config: config } = parsed.data
  const { start = null, end = null, count = null } = configSchema.safeParse(config).data ?? {}
  const options = (config?.options ?? []).map((option) => ({
    id: idSchema.parse(option.id),
    // A label has a label, a dropdown's option a name.
    name: option.name ?? option.label ?? '',
    index: option.orderindex ?? null,
  }))
  return [{ id, name, type, options, start, end, count }]
}

/** The field as reads describe it, for whoever types values by it. */
export const asCustomField = ({ id, name, type, options }: FieldSchema) =>
  customFieldSchema.parse({
    id,
    name,
    type,
    type_config: {
      options: options.map(({ index, ...option }) => (index === null ? option : { ...option, orderindex: index })),
    },
  })
