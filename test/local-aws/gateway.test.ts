import { createServer } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { GetItemCommand, ListTablesCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { ListQueuesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AwsCall, AwsError, type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, clientsWith, refusalOf } from './clients.ts'

let gateway: AwsGateway
const account = '123456789012'
const region = 'eu-west-1'

beforeEach(async () => {
  gateway = await startAwsGateway({ region, account })
})
afterEach(() => gateway.close())

const keyedTable = (name: string) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'day', AttributeType: 'S' as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byDay',
      KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
})

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}

describe('the endpoint', () => {
  it('is the only listener of the process, and on loopback alone', async () => {
    expect(new URL(gateway.url).hostname).toBe('127.0.0.1')
    // One is the gateway's, one is made here: the embedded services have none of their own.
    const listeners = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const withOther = listeners()
    other.close()
    expect(withOther).toBe(2)

    const port = Number(new URL(gateway.url).port)
    expect(await canConnect('127.0.0.1', port)).toBe(true)
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) expect(await canConnect(address, port)).toBe(false)
  })

  it('says so when its port is taken', async () => {
    const port = Number(new URL(gateway.url).port)
    await expect(startAwsGateway({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('answers what it does not serve with a clear refusal', async () => {
    const headers = { 'x-amz-target': 'AWSStepFunctions.StartExecution' }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: '{}' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      __type: 'UnknownOperationException',
      message: 'AWSStepFunctions.StartExecution is not part of the local stack.',
    })
  })

  it('refuses a body that is not JSON', async () => {
    clientsOf(gateway, 'admin')
    const headers = {
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      authorization: `AWS4-HMAC-SHA256 Credential=admin/20260101/${region}/dynamodb/aws4_request`,
    }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: '{' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('SerializationException')
  })
})

describe('who may call', () => {
  it('refuses an access key that nobody has', async () => {
    const { sqs, dynamodb } = clientsWith({ endpoint: gateway.url, region, accessKeyId: 'stranger' })
    expect(await refusalOf(dynamodb.send(new ListTablesCommand()))).toMatchObject({
      name: 'UnrecognizedClientException',
    })
    expect(await refusalOf(sqs.send(new ListQueuesCommand()))).toMatchObject({ name: 'InvalidClientTokenId' })
  })

  it('refuses a call for another region', async () => {
    gateway.admit({ accessKeyId: 'elsewhere', name: 'elsewhere', statements: 'all' })
    const { dynamodb } = clientsWith({ endpoint: gateway.url, region: 'us-east-2', accessKeyId: 'elsewhere' })
    expect(await refusalOf(dynamodb.send(new ListTablesCommand()))).toEqual({
      name: 'InvalidSignatureException',
      message: "Credential should be scoped to a valid region, not 'us-east-2'.",
    })
  })

  it('refuses what the policy does not allow, naming principal, action and resource', async () => {
    const table = `arn:aws:dynamodb:${region}:${account}:table/ledger`
    await gateway.createTable(keyedTable('ledger'))
    const { url } = await gateway.createQueue({ name: 'deliveries', attributes: {} })
    const secret = await gateway.createSecret({ name: 'hookline/signing', value: 's' })
    gateway.createBus('changes')
    const reader = clientsOf(gateway, 'reader', [
      { effect: 'Allow', actions: ['dynamodb:GetItem'], resources: [table] },
    ])

    const user = `User: arn:aws:sts::${account}:assumed-role/reader/reader is not authorized to perform:`
    const item = { TableName: 'ledger', Key: { pk: { S: 'a' } } }
    await expect(reader.dynamodb.send(new GetItemCommand(item))).resolves.toMatchObject({})
    expect(await refusalOf(reader.dynamodb.send(new PutItemCommand({ TableName: 'ledger', Item: item.Key })))).toEqual({
      name: 'AccessDeniedException',
      message: `${user} dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    })
    expect(await refusalOf(reader.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' })))).toEqual({
      name: 'AccessDenied',
      message: `${user} sqs:sendmessage on resource: arn:aws:sqs:${region}:${account}:deliveries because no identity-based policy allows the sqs:sendmessage action`,
    })
    // Asked for by name, denied by ARN.
    const get = new GetSecretValueCommand({ SecretId: 'hookline/signing' })
    expect(await refusalOf(reader.secrets.send(get))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`secretsmanager:GetSecretValue on resource: ${secret.arn} because`),
    })
    const put = new PutEventsCommand({
      Entries: [{ Source: 's', DetailType: 't', Detail: '{}', EventBusName: 'changes' }],
    })
    expect(await refusalOf(reader.events.send(put))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`on resource: arn:aws:events:${region}:${account}:event-bus/changes because`),
    })
  })

  it('takes the index as the resource of a query on it', async () => {
    const table = `arn:aws:dynamodb:${region}:${account}:table/ledger`
    await gateway.createTable(keyedTable('ledger'))
    const query = new QueryCommand({
      TableName: 'ledger',
      IndexName: 'byDay',
      KeyConditionExpression: '#d = :d',
      ExpressionAttributeNames: { '#d': 'day' },
      ExpressionAttributeValues: { ':d': { S: 'x' } },
    })
    const onTable = clientsOf(gateway, 'a', [{ effect: 'Allow', actions: ['*'], resources: [table] }])
    expect(await refusalOf(onTable.dynamodb.send(query))).toMatchObject({ name: 'AccessDeniedException' })
    const onIndex = clientsOf(gateway, 'b', [{ effect: 'Allow', actions: ['*'], resources: [`${table}/index/*`] }])
    await expect(onIndex.dynamodb.send(query)).resolves.toMatchObject({ Count: 0 })
  })
})

describe('interceptors', () => {
  it('see who calls what, with the rights of single operations for batches', async () => {
    const { url, arn } = await gateway.createQueue({ name: 'deliveries', attributes: {} })
    const { sqs } = clientsOf(gateway, 'verifier')
    const seen: AwsCall[] = []
    const remove = gateway.intercept((call) => {
      seen.push(call)
    })
    const Entries = [{ Id: 'a', MessageBody: 'x' }]
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    remove()
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    expect(seen).toEqual([
      {
        accessKeyId: 'verifier',
        caller: 'verifier',
        service: 'sqs',
        action: 'sqs:SendMessage',
        resources: [arn],
        body: { QueueUrl: url, Entries },
      },
    ])
  })

  it('may change the body, and what is changed is what is authorised', async () => {
    await gateway.createTable(keyedTable('ledger'))
    await gateway.createTable(keyedTable('secrets'))
    const ledger = `arn:aws:dynamodb:${region}:${account}:table/ledger`
    const { dynamodb } = clientsOf(gateway, 'x', [{ effect: 'Allow', actions: ['*'], resources: [ledger] }])
    const put = (pk: string) => dynamodb.send(new PutItemCommand({ TableName: 'ledger', Item: { pk: { S: pk } } }))
    const remove = gateway.intercept(() => ({ TableName: 'ledger', Item: { pk: { S: 'changed' } } }))
    await put('sent')
    remove()
    const read = (pk: string) => dynamodb.send(new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: pk } } }))
    expect((await read('sent')).Item).toBeUndefined()
    expect((await read('changed')).Item).toEqual({ pk: { S: 'changed' } })

    gateway.intercept(() => ({ TableName: 'secrets', Item: { pk: { S: 'changed' } } }))
    expect(await refusalOf(put('sent'))).toMatchObject({ name: 'AccessDeniedException' })
  })

  it('may refuse with an exception of the service, or break it', async () => {
    const { dynamodb } = clientsOf(gateway, 'admin')
    const remove = gateway.intercept(() => {
      throw new AwsError('ProvisionedThroughputExceededException', 'Too much.')
    })
    expect(await refusalOf(dynamodb.send(new ListTablesCommand()))).toEqual({
      name: 'ProvisionedThroughputExceededException',
      message: 'Too much.',
    })
    remove()
    gateway.intercept(() => {
      throw new Error('broken')
    })
    expect(await refusalOf(dynamodb.send(new ListTablesCommand()))).toMatchObject({ name: 'InternalFailure' })
  })

  it('may never answer, and closing does not wait for it', async () => {
    const { dynamodb } = clientsOf(gateway, 'admin')
    const reached = new Promise<void>((resolve) => {
      gateway.intercept(() => {
        resolve()
        return new Promise(() => undefined)
      })
    })
    const call = refusalOf(dynamodb.send(new ListTablesCommand()))
    await reached
    await gateway.close()
    expect(await call).toMatchObject({ name: expect.stringMatching(/Error/) })
    gateway = await startAwsGateway({ region, account })
  })
})
