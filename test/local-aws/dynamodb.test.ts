import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, refusalOf } from './clients.ts'

let gateway: AwsGateway
let dynamodb: ReturnType<typeof clientsOf>['dynamodb']
const account = '123456789012'
const region = 'eu-west-1'
const TableName = 'ledger'

const definition = (name: string) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  AttributeDefinitions: ['pk', 'sk', 'day', 'daySk'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byDay',
      KeySchema: [
        { AttributeName: 'day', KeyType: 'HASH' as const },
        { AttributeName: 'daySk', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
})

beforeAll(async () => {
  gateway = await startAwsGateway({ region, account })
  dynamodb = clientsOf(gateway, 'admin').dynamodb
  await gateway.createTable(definition(TableName))
})
afterAll(() => gateway.close())

const arn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`
const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { S: sk } })

describe('tables', () => {
  it('are active at once and have ARNs of the gateway, whatever the environment says', async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }))
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: arn })
    expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexArn).toBe(`${arn}/index/byDay`)
  })

  it('are made by a client too', async () => {
    await dynamodb.send(new CreateTableCommand(definition('by-client')))
    const described = await dynamodb.send(new DescribeTableCommand({ TableName: 'by-client' }))
    expect(described.Table?.TableName).toBe('by-client')
  })

  it('are refused when they are wrong', async () => {
    const wrong = { ...definition('wrong'), KeySchema: [] }
    await expect(gateway.createTable(wrong)).rejects.toMatchObject({ name: 'ValidationException' })
    const streamed = { ...definition('streamed'), StreamSpecification: { StreamEnabled: true } }
    await expect(gateway.createTable(streamed)).rejects.toThrow('StreamSpecification is not supported')
  })
})

describe('items', () => {
  it('hold empty strings, binary and deep values', async () => {
    const item = {
      ...key('kinds'),
      empty: { S: '' },
      bytes: { B: Buffer.from([0, 255]) },
      deep: { M: { list: { L: [{ N: '1.5' }] } } },
    }
    await dynamodb.send(new PutItemCommand({ TableName, Item: item }))
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: key('kinds'), ConsistentRead: true }))
    expect(Item).toEqual({ ...item, bytes: { B: new Uint8Array([0, 255]) } })
  })

  it('are written under a condition', async () => {
    const put = new PutItemCommand({ TableName, Item: key('once'), ConditionExpression: 'attribute_not_exists(pk)' })
    await dynamodb.send(put)
    await expect(dynamodb.send(put)).rejects.toBeInstanceOf(ConditionalCheckFailedException)
  })

  it('are updated by one of many at a time', async () => {
    const claim = (owner: string) =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: key('claimed'),
          UpdateExpression: 'SET #o = :o ADD tries :one',
          ConditionExpression: 'attribute_not_exists(#o)',
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: { ':o': { S: owner }, ':one': { N: '1' } },
          ReturnValues: 'ALL_NEW',
        }),
      )
    const claims = await Promise.allSettled(['a', 'b', 'c', 'd'].map(claim))
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: key('claimed') }))
    expect(Item?.['tries']).toEqual({ N: '1' })
  })

  it('are found by key and by index, in order, over several pages', async () => {
    const items = Array.from({ length: 25 }, (_, at) => ({
      ...key('many', String(at).padStart(2, '0')),
      day: { S: '2026-01-01' },
      daySk: { S: String(at).padStart(2, '0') },
      rest: { S: 'x' },
    }))
    const requests = items.map((Item) => ({ PutRequest: { Item } }))
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }))

    const query = { TableName, IndexName: 'byDay', Limit: 10, ScanIndexForward: false }
    const condition = { KeyConditionExpression: '#d = :d', ExpressionAttributeNames: { '#d': 'day' } }
    const values = { ExpressionAttributeValues: { ':d': { S: '2026-01-01' } } }
    const first = await dynamodb.send(new QueryCommand({ ...query, ...condition, ...values }))
    expect(first.Items?.[0]).toEqual({ ...key('many', '24'), day: { S: '2026-01-01' }, daySk: { S: '24' } })
    const start = { ExclusiveStartKey: first.LastEvaluatedKey }
    const second = await dynamodb.send(new QueryCommand({ ...query, ...condition, ...values, ...start }))
    expect(second.Items?.[0]?.['sk']).toEqual({ S: '14' })

    const got = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('many', '03'), key('many', '99')] } } }),
    )
    expect(got.Responses?.[TableName]).toHaveLength(1)
  })
})

describe('refusals', () => {
  it('come out as the SDK names them', async () => {
    const missing = dynamodb.send(new GetItemCommand({ TableName: 'nothing', Key: key('a') }))
    await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException)
    const large = new PutItemCommand({ TableName, Item: { ...key('large'), text: { S: 'x'.repeat(400 * 1024) } } })
    expect(await refusalOf(dynamodb.send(large))).toMatchObject({ name: 'ValidationException' })
  })

  it('are given for what dynalite would pass over', async () => {
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: key('a') } }] })
    expect(await refusalOf(dynamodb.send(transaction))).toEqual({
      name: 'UnknownOperationException',
      message: 'TransactWriteItems is not supported by the local stack.',
    })
    const put = (value: 'ALL_OLD' | 'NONE') =>
      dynamodb.send(new PutItemCommand({ TableName, Item: key('b'), ReturnValuesOnConditionCheckFailure: value }))
    expect(await refusalOf(put('ALL_OLD'))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('ReturnValuesOnConditionCheckFailure is not supported'),
    })
    await expect(put('NONE')).resolves.toMatchObject({})
  })
})
