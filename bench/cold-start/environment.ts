import { sign } from '../../core/ingest/signature.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'

const [STAGE, CONNECTION] = ['bench', 'main'] as const
const SECRET_NAME = signingSecretName(STAGE, CONNECTION)

/** What the functions find in their environment, with a queue and a secret that are there. */
export async function startSurroundings(secret: string) {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'bench', name: 'bench', statements: 'all' })
  const { url } = await gateway.createQueue({ name: 'deliveries', attributes: {} })
  const value = JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } })
  await gateway.createSecret({ name: SECRET_NAME, value })
  const key = (...names: readonly string[]) => ({
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: names.map((AttributeName, i) => ({
      AttributeName,
      KeyType: i === 0 ? ('HASH' as const) : ('RANGE' as const),
    })),
    BillingMode: 'PAY_PER_REQUEST' as const,
  })
  await gateway.createTable({ TableName: 'ledger', ...key('pk', 'sk') })
  await gateway.createTable({ TableName: 'tasks', ...key('pk', 'sk') })
  await gateway.createTable({ TableName: 'state', ...key('pk') })
  const env: Record<string, string> = {
    ...{ AWS_ENDPOINT_URL: gateway.url, AWS_REGION: gateway.region },
    ...{ AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'local', SECRET_NAME },
    [ENV.stage]: STAGE,
    [ENV.connections]: JSON.stringify([{ name: CONNECTION, filter: {}, storeComments: false, storeEmails: false }]),
    ...{ [ENV.ledgerTable]: 'ledger', [ENV.tasksTable]: 'tasks', [ENV.stateTable]: 'state', [ENV.busName]: 'bus' },
    ...{
      [ENV.deliveriesQueueUrl]: url,
      [ENV.quarantineQueueUrl]: url,
      [ENV.jobsQueueUrl]: url,
      [ENV.guardQueueUrl]: url,
    },
    [ENV.settings]: JSON.stringify({ leaseMs: 90_000, ledgerDays: 400 }),
    ...{ [ENV.syncSettings]: '{}', [ENV.rotationSettings]: '{}', [ENV.pulseSettings]: '{}', [ENV.apiUrl]: gateway.url },
  }
  return { env, close: () => gateway.close() }
}

/** As API Gateway gives it. */
export function deliveryEvent(secret: string) {
  const body = JSON.stringify({ event: 'taskUpdated', task_id: '86c2k4x7q', webhook_id: 'w', history_items: [] })
  return {
    version: '2.0',
    headers: { 'content-type': 'application/json', 'x-signature': sign(Buffer.from(body), secret) },
    requestContext: { requestId: 'AbCdEfGhIjKlMnO=' },
    pathParameters: { connection: CONNECTION, slot: 'a' },
    body,
    isBase64Encoded: false,
  }
}
