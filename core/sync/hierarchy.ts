import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import { jsonSchema } from '../platform/json.ts'
import { PK, stateKey } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

const listSchema = z.object({
  id: z.string(),
  name: z.string(),
  archived: z.boolean(),
  /** `null` for a list without a folder (ClickUp keeps it in a hidden one of its own). */
  folderId: z.string().nullable(),
  startAt: z.number().nullable(),
  dueAt: z.number().nullable(),
  /** As ClickUp counts; `null` where it does not say. */
  taskCount: z.number().nullable(),
})
export type ListPlace = z.infer<typeof listSchema>

const folderSchema = z.object({ id: z.string(), name: z.string(), archived: z.boolean() })

/** One space with all that our token sees in it, archived folders and lists included. */
const spaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  archived: z.boolean(),
  /** As a look at the space itself shows it (`core/clickup/places.ts`). */
  fields: z.record(z.string(), jsonSchema).default({}),
  folders: z.array(folderSchema),
  lists: z.array(listSchema),
  /** When its folders and lists were last listed, ms since 1970; 0 while they were not, `NEW_SPACE` of one made since. */
  listedAt: z.number().default(0),
  /** When they were last asked for in vain. */
  triedAt: z.number().optional(),
})
export type SpacePlace = z.infer<typeof spaceSchema>

/** Not listed yet, and of one that came to be after all others had been listed: what is in it is new, too. */
export const NEW_SPACE = 1

/** Spaces, folders and lists of a workspace as they were last listed; `readAt` is milliseconds since 1970. */
export type Hierarchy = {
  readAt: number
  spaces: SpacePlace[]
  /** Ids of spaces that are there and of which nothing can be read. */
  unreadable?: string[]
}

const indexSchema = versioned(z.object({ readAt: z.number(), spaceIds: z.array(z.string()) }))
const spaceItem = versioned(spaceSchema)

type Table = { dynamo: DynamoDBDocumentClient; table: string }

const keyOf = (connection: string, spaceId?: string) => ({
  [PK]: stateKey(connection, spaceId === undefined ? 'hierarchy' : `hierarchy#${spaceId}`),
})

/** `null` while it was never listed. A space is an item of its own: a large workspace would not fit one. */
export async function loadHierarchy({ dynamo, table }: Table, connection: string): Promise<Hierarchy | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection) }))
  if (Item === undefined) return null
  const { readAt, spaceIds } = indexSchema.parse(Item)
  const items = await getAll(
    dynamo,
    table,
    spaceIds.map((id) => keyOf(connection, id)),
  )
  // One that is half written is listed anew, as one that was never seen: no reason to do without the others.
  const byId = new Map(items.flatMap((item) => spaceItem.safeParse(item).data ?? []).map((space) => [space.id, space]))
  const unreadable = spaceIds.filter((id) => !byId.has(id))
  return { readAt, spaces: spaceIds.flatMap((id) => byId.get(id) ?? []), unreadable }
}

/** One space; `null` while it was never listed, or when what is stored of it cannot be read. */
export async function loadSpace({ dynamo, table }: Table, connection: string, id: string): Promise<SpacePlace | null> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(connection, id) }))
  return spaceItem.safeParse(Item).data ?? null
}

export async function saveSpace({ dynamo, table }: Table, connection: string, space: SpacePlace): Promise<void> {
  const item = { ...keyOf(connection, space.id), ...space, schemaVersion: 1 }
  await dynamo.send(new PutCommand({ TableName: table, Item: item }))
}

/** Which spaces there are. Written after them: whoever reads in between sees the old ones. */
export async function saveSpaceIds(
  { dynamo, table }: Table,
  connection: string,
  { readAt, spaceIds }: { readAt: number; spaceIds: readonly string[] },
): Promise<void> {
  await dynamo.send(
    new PutCommand({ TableName: table, Item: { ...keyOf(connection), readAt, spaceIds, schemaVersion: 1 } }),
  )
}
