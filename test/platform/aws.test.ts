import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { PurgeQueueCommand } from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dynamoClient } from '../../core/platform/aws/dynamodb.ts'
import { eventBridgeClient } from '../../core/platform/aws/events.ts'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { sqsClient } from '../../core/platform/aws/sqs.ts'
import { awsEnv, awsServer } from './aws-server.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const useEnv = (url: string) => {
  for (const [name, value] of Object.entries(awsEnv(url))) vi.stubEnv(name, value)
}
const QueueUrl = 'http://queue.invalid/1/q'

describe('an AWS client', () => {
  it('takes its endpoint from the environment, whatever host a queue’s URL names, and keeps its connection', async () => {
    const server = await awsServer((_request, _body, response) => response.end('{}'))
    useEnv(server.url)
    const sqs = sqsClient(CALL_LIMITS.edge)
    await sqs.send(new PurgeQueueCommand({ QueueUrl }))
    await sqs.send(new PurgeQueueCommand({ QueueUrl }))
    await secretsClient(CALL_LIMITS.edge).send(new GetSecretValueCommand({ SecretId: 's' }))
    await eventBridgeClient(CALL_LIMITS.worker).send(new PutEventsCommand({ Entries: [] }))
    await dynamoClient(CALL_LIMITS.worker).send(new ListTablesCommand({}))
    expect(server.seen.map(({ target }) => target)).toEqual([
      'AmazonSQS.PurgeQueue',
      'AmazonSQS.PurgeQueue',
      'secretsmanager.GetSecretValue',
      'AWSEvents.PutEvents',
      'DynamoDB_20120810.ListTables',
    ])
    expect(server.seen[0]?.port).toBe(server.seen[1]?.port)
  })

  it('gives up on a service that does not answer, after its attempts', async () => {
    const server = await awsServer(() => undefined)
    useEnv(server.url)
    const client = sqsClient({ connectionMs: 200, requestMs: 50, attempts: 2 })
    await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toThrow(/requestTimeout/)
    expect(server.seen).toHaveLength(2)
  })

  it('lets two calls at their slowest end before the verifier’s 5 seconds', () => {
    const { requestMs, attempts } = CALL_LIMITS.edge
    expect(2 * requestMs * attempts).toBeLessThan(4_500)
  })
})
