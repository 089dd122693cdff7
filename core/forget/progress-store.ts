import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK } from '../platform/tables.ts'
import { versioned } from '../platform/versioned.ts'
import { countsSchema } from './counts.ts'
import { hashOf, type Subject } from './subject.ts'

/** No connection can be called so: what is here is nobody's data, and is not looked through. */
const PREFIX = 'forget:'

/** Where an erasure stands that was interrupted. Only while one is under way. */
const progressSchema = versioned(
  z.object({
    startedAt: z.number(),
    names: z.array(z.string()),
    emails: z.array(z.string()),
    /** The place in the order of the tables, after which comes the archive. */
    table: z.number(),
    after: z.record(z.string(), z.string()).nullable(),
    counts: countsSchema,
  }),
)
export type ForgetProgress = z.infer<typeof progressSchema>

export type ProgressStore = {
  load(): Promise<ForgetProgress | null>
  save(progress: ForgetProgress): Promise<void>
  remove(): Promise<void>
}

export function createProgressStore(
  { dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string },
  subject: Subject,
  connections: readonly string[],
): ProgressStore {
  // An erasure in one connection says nothing of another one.
  const key = { [PK]: `${PREFIX}${hashOf(subject)}#${connections.toSorted().join(',')}` }
  return {
    async load() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
      // One that cannot be read was for another version: the work is begun anew, which does no harm.
      return progressSchema.safeParse(Item).data ?? null
    },
    async save(progress) {
      await dynamo.send(new PutCommand({ TableName: table, Item: { ...key, ...progress, schemaVersion: 1 } }))
    },
    async remove() {
      await dynamo.send(new DeleteCommand({ TableName: table, Key: key }))
    },
  }
}
