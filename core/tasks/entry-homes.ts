import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, resourceKey, SK } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'

/** The key of an item that holds an entry. */
export type Home = { pk: string; sk: string }

/**
 * Where an entry stands that was seen under an id: an entry is kept beside its task, so whoever is told of it elsewhere
 * has to find it. The first home is the one in force; at the others it may still stand, because somebody is moving it.
 */
export type Homes = ReadonlyMap<string, readonly Home[]>

const homesSchema = versioned(
  z.object({
    [PK]: z.string(),
    homes: z.array(z.object({ pk: z.string(), sk: z.string() })),
  }),
)

export const homeText = ({ pk, sk }: Home) => `${pk} ${sk}`

const HOMES_SK = 'homes'

export function createEntryHomes({ dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string }) {
  const keyOf = (connection: string, id: string) => ({ [PK]: resourceKey(connection, 'timeEntry', id), [SK]: HOMES_SK })

  /** Homes by id; an id that was never seen is absent. */
  async function load(connection: string, ids: readonly string[]): Promise<Homes> {
    const idOfKey = new Map(ids.map((id) => [keyOf(connection, id)[PK], id]))
    const items = await getAll(
      dynamo,
      table,
      [...idOfKey.values()].map((id) => keyOf(connection, id)),
    )
    return new Map(
      items.flatMap((item) => {
        const { [PK]: pk, homes } = homesSchema.parse(item)
        const id = idOfKey.get(pk)
        return id === undefined ? [] : [[id, homes] as const]
      }),
    )
  }

  /** Writes down where an entry stands unless somebody else did since `was`; `false` then. */
  async function put(
    connection: string,
    id: string,
    homes: readonly Home[],
    was: readonly Home[] | undefined,
  ): Promise<boolean> {
    const condition =
      was === undefined
        ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': PK } }
        : {
            ConditionExpression: '#text = :was',
            ExpressionAttributeNames: { '#text': 'text' },
            ExpressionAttributeValues: { ':was': homesText(was) },
          }
    const item = { ...keyOf(connection, id), homes, text: homesText(homes), schemaVersion: 1 }
    try {
      await dynamo.send(new PutCommand({ TableName: table, Item: item, ...condition }))
      return true
    } catch (error) {
      if (isConditionFailure(error)) return false
      throw error
    }
  }

  return { load, put }
}

/** For conditions: one text compares more surely than a list of maps. */
export const homesText = (homes: readonly Home[]) => homes.map(homeText).join(', ')

export const isSameHomes = (a: readonly Home[] | undefined, b: readonly Home[] | undefined) =>
  a !== undefined && b !== undefined ? homesText(a) === homesText(b) : a === b

export const distinctHomes = (homes: readonly Home[]): Home[] => [
  ...new Map(homes.map((home) => [homeText(home), home])).values(),
]
