import type { WireRequest } from './endpoint.ts'

/** Services in the JSON protocol, by IAM's prefix for their actions. */
export type JsonService = 'sqs' | 'dynamodb' | 'secretsmanager' | 'events' | 'logs' | 'cloudwatch'
/** Services in another protocol, which is told by what their requests are signed for. */
type OtherService = 'lambda' | 'sns' | 's3' | 'codedeploy'
export type AwsService = JsonService | OtherService

/** One API call, as the policy check and the interceptors see it. */
export type AwsCall = {
  /** From the credential of the Authorization header. */
  accessKeyId: string | null
  /** The name that was admitted with that key. */
  caller: string | null
  service: AwsService
  /** The action as IAM writes it, `dynamodb:PutItem`. SQS has no batch actions: `SendMessageBatch` is `sqs:SendMessage`. */
  action: string
  /** The ARNs that the call touches, `['*']` where the service knows no resource. */
  resources: string[]
  /** The parsed JSON request. */
  body: unknown
}

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a service's handler gets to see of a request. */
export type ServiceRequest = {
  /** `PutItem`, without the service. */
  operation: string
  body: JsonObject
  /** `body` as JSON text. */
  text: string
  /** Aborted when the client has gone. */
  signal: AbortSignal
}

/** An answer on the wire. */
export type Reply = { status: number; headers: Record<string, string>; body: string }

/** One that may carry bytes. */
export type WireReply = Omit<Reply, 'body'> & { body: string | Buffer }

/** Of a service in a protocol of its own: it finds out by itself what is asked. `authorise` throws what the caller may not do. */
export type OtherHandler = (request: WireRequest, authorise: (asked: Asked) => void) => Promise<WireReply>
export type Asked = Pick<AwsCall, 'action' | 'resources' | 'body'>

export type ServiceHandler = (request: ServiceRequest) => Promise<Reply>

/** Where the stack pretends to be. */
export type Home = { region: string; account: string }
