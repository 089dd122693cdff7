import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge'
import { SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager'
import { SQSServiceException } from '@aws-sdk/client-sqs'
import type { Seen } from './calls.ts'

type Reason = 'fails' | 'throttled' | 'refused'

const CLASSES = {
  DynamoDB: DynamoDBServiceException,
  SQS: SQSServiceException,
  EventBridge: EventBridgeServiceException,
  SecretsManager: SecretsManagerServiceException,
} as const

/** As each service calls its own faults, where it has a name for them that is not everybody's. */
const NAMES: Record<Reason, { readonly [service: string]: string; readonly others: string }> = {
  fails: {
    DynamoDB: 'InternalServerError',
    EventBridge: 'InternalException',
    SecretsManager: 'InternalServiceError',
    others: 'ServiceUnavailable',
  },
  throttled: {
    DynamoDB: 'ProvisionedThroughputExceededException',
    SQS: 'RequestThrottled',
    others: 'ThrottlingException',
  },
  refused: { others: 'AccessDeniedException' },
}

/** The error that a client of the SDK throws when a service answers so. */
export function errorOf({ service, name }: Seen, reason: Reason): Error {
  const given = {
    name: NAMES[reason][service] ?? NAMES[reason].others,
    $fault: reason === 'fails' ? 'server' : 'client',
    message: `${name} was disturbed on purpose`,
    $metadata: { httpStatusCode: reason === 'fails' ? 500 : 400, attempts: 3, totalRetryDelay: 0 },
  } as const
  switch (service) {
    case 'DynamoDB':
    case 'SQS':
    case 'EventBridge':
    case 'SecretsManager':
      return new CLASSES[service](given)
    default:
      throw new Error(`It is not known how ${service} fails.`)
  }
}

/** The error of a client that has waited long enough. */
export const timeoutError = (): Error =>
  Object.assign(new Error('Connection timed out'), { name: 'TimeoutError', $metadata: {} })

/** ClickUp's answers; the headers are those of its last answer, which alone know when a minute ends. */
export function answerOfClickUp(reason: Reason, headers: Headers): Response {
  switch (reason) {
    case 'fails':
      return new Response('<html><body>Bad gateway</body></html>', { status: 502 })
    case 'throttled': {
      const told = new Headers(headers)
      told.set('x-ratelimit-remaining', '0')
      return Response.json({ err: 'Rate limit reached', ECODE: 'APP_002' }, { status: 429, headers: told })
    }
    case 'refused':
      return Response.json({ err: 'Token invalid', ECODE: 'OAUTH_025' }, { status: 401 })
  }
}
