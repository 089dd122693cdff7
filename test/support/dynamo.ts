import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { documents } from '../../core/platform/aws/dynamodb.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, PK, SK } from '../../core/platform/tables.ts'
import { openDynalite } from '../../local/aws/dynamodb/store.ts'

export type Tables = { ledger: string; tasks: string; state: string }

const HOME = { region: 'us-east-1', account: '000000000000' }

/**
 * A DynamoDB with the three tables: the SDK's own client, whose requests are answered in this process. What a socket and a
 * signature add is checked where the gateway is.
 */
export async function startDynamo() {
  const store = openDynalite(HOME)
  const client = new DynamoDBClient({
    ...{ region: HOME.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    signer: { sign: async (request) => request },
    requestHandler: {
      async handle({ headers, body }: { headers: Record<string, string>; body?: unknown }) {
        const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.')
        const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)
        const reply = await store.call(operation, text)
        return { response: { statusCode: reply.status, headers: reply.headers, body: Buffer.from(reply.body) } }
      },
    },
  })
  const dynamo = documents(client)
  let count = 0
  return {
    dynamo,
    /** Fresh tables, so that one run knows nothing of another. */
    async tables(): Promise<Tables> {
      count += 1
      const names = { ledger: `ledger${count}`, tasks: `tasks${count}`, state: `state${count}` }
      await Promise.all([
        client.send(new CreateTableCommand(table(names.ledger, [PK, SK], [BY_DAY]))),
        client.send(new CreateTableCommand(table(names.tasks, [PK, SK], [BY_LIST, BY_SPACE, BY_TIME_DAY]))),
        client.send(new CreateTableCommand(table(names.state, [PK], []))),
      ])
      // Created is not yet active, even where creating takes no time.
      await Promise.all(Object.values(names).map((name) => active(client, name)))
      return names
    },
    /** One table for state alone. */
    async stateTable(name: string): Promise<void> {
      await client.send(new CreateTableCommand(table(name, [PK], [])))
      await active(client, name)
    },
    async all(name: string): Promise<Record<string, unknown>[]> {
      const { Items } = await dynamo.send(new ScanCommand({ TableName: name, ConsistentRead: true }))
      return Items ?? []
    },
    async close() {
      client.destroy()
    },
  }
}

async function active(client: DynamoDBClient, name: string): Promise<void> {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }))
    if (Table?.TableStatus === 'ACTIVE') return
  }
}

/** What creates one of the tables: its key and its indexes, as the template does. */
export function table(
  name: string,
  key: string[],
  indexes: readonly { index: string; pk: string; sk: string }[],
): CreateTableCommandInput {
  const attributes = new Set([...key, ...indexes.flatMap(({ pk, sk }) => [pk, sk])])
  const schema = (names: string[]) =>
    names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? ('HASH' as const) : ('RANGE' as const) }))
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(key),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(({ index, pk, sk }) => ({
            IndexName: index,
            KeySchema: schema([pk, sk]),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          })),
        }),
  }
}
