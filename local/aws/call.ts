export type AwsService = 'sqs' | 'dynamodb' | 'secretsmanager' | 'events' | 'logs'

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

export type ServiceHandler = (request: ServiceRequest) => Promise<Reply>

/** Where the stack pretends to be. */
export type Home = { region: string; account: string }
