import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { AwsGateway, Statement } from '../../local/aws/gateway.ts'

/** Unchanged SDK clients of one principal, which is admitted under its name as access key. */
export function clientsOf(gateway: AwsGateway, name: string, statements: Statement[] | 'all' = 'all') {
  gateway.admit({ accessKeyId: name, name, statements })
  return clientsWith({ endpoint: gateway.url, region: gateway.region, accessKeyId: name })
}

export function clientsWith(options: { endpoint: string; region: string; accessKeyId: string }) {
  const { endpoint, region, accessKeyId } = options
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey: 'none' }, maxAttempts: 1 }
  return {
    sqs: new SQSClient(config),
    dynamodb: new DynamoDBClient(config),
    secrets: new SecretsManagerClient(config),
    events: new EventBridgeClient(config),
  }
}

/** The name under which the SDK throws a refusal, and its message. */
export async function refusalOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message }
  }
  throw new Error('The call was not refused')
}

/** Polls until something is there, for what happens behind an answer. */
export async function eventually<T>(look: () => Promise<T | undefined>, withinMs = 5000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('It did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
