import { RotateSecretCommand, type RotationRulesType, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { AwsGateway } from '../../aws/gateway.ts'

/** The stack's own hand in AWS, for what services do by themselves there: polling, sending for a schedule, rotating. */
export type Operator = {
  sqs: SQSClient
  sendMessage(queueUrl: string, body: string, attributes?: Record<string, string>): Promise<void>
  /** Sets the function and the rules of a secret's rotation, and starts one; or only tries it. */
  rotateSecret(
    secretArn: string,
    how: { functionArn: string; rules?: RotationRulesType; immediately: boolean },
  ): Promise<void>
  close(): void
}

const ACCESS_KEY_ID = 'ASIALOCALSTACKOPERATOR'

export function createOperator(gateway: AwsGateway): Operator {
  gateway.admit({ accessKeyId: ACCESS_KEY_ID, name: 'local-stack', statements: 'all' })
  const settings = {
    endpoint: gateway.url,
    region: gateway.region,
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'local' },
  }
  const sqs = new SQSClient(settings)
  const secrets = new SecretsManagerClient(settings)

  return {
    sqs,
    sendMessage: async (queueUrl, body, attributes = {}) => {
      const named = Object.entries(attributes)
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            named.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
        }),
      )
    },
    rotateSecret: async (secretArn, { functionArn, rules, immediately }) => {
      await secrets.send(
        new RotateSecretCommand({
          SecretId: secretArn,
          RotationLambdaARN: functionArn,
          RotateImmediately: immediately,
          ...(rules && { RotationRules: rules }),
        }),
      )
    },
    close: () => {
      sqs.destroy()
      secrets.destroy()
    },
  }
}
