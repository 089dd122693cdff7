import * as z from 'zod'
import { isObject, type JsonObject, type JsonService, type Reply } from './call.ts'
import { queryError } from './sqs/error-codes.ts'

/** A refusal by a service, in the service's own words: `code` is the exception's name as the SDK shows it. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
  }
}

/** The prefix of `X-Amz-Target`, for each service in the JSON protocol (1.0 for SQS, DynamoDB and CloudWatch, 1.1 for the others). */
const TARGETS: Record<string, JsonService> = {
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  secretsmanager: 'secretsmanager',
  AWSEvents: 'events',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'cloudwatch',
}

/** Service and operation of an `X-Amz-Target` header, null when it names nothing that is served here. */
export function readTarget(header: string | undefined): { service: JsonService; operation: string } | null {
  const [prefix = '', operation = ''] = (header ?? '').split('.')
  const service = TARGETS[prefix]
  return service === undefined || operation === '' ? null : { service, operation }
}

/** @throws AwsError SerializationException for anything but a JSON object */
export function asBody(value: unknown): JsonObject {
  if (isObject(value)) return value
  throw new AwsError('SerializationException', 'The request is not a JSON object.')
}

/** @throws AwsError SerializationException for anything but a JSON object; an empty request is an empty object */
export function parseBody(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text === '' ? '{}' : text)
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON.')
  }
  return asBody(value)
}

const contentType = (service: JsonService) =>
  service === 'sqs' || service === 'dynamodb' || service === 'cloudwatch'
    ? 'application/x-amz-json-1.0'
    : 'application/x-amz-json-1.1'

export const jsonReply = (service: JsonService, value: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': contentType(service) },
  body: JSON.stringify(value),
})

/** Each service has its own envelope; the SDK reads the name after the `#`. */
function envelope(service: JsonService, error: AwsError): JsonObject {
  switch (service) {
    case 'sqs':
      return { __type: `com.amazonaws.sqs#${error.code}`, message: error.message }
    case 'dynamodb':
      return { __type: `com.amazonaws.dynamodb.v20120810#${error.code}`, message: error.message }
    case 'cloudwatch':
      return { __type: `com.amazonaws.cloudwatch#${error.code}`, message: error.message }
    case 'secretsmanager':
      return { __type: error.code, Message: error.message }
    case 'events':
    case 'logs':
      return { __type: error.code, message: error.message }
  }
}

/** A refusal on the wire. Whatever is no `AwsError` is a fault of the stack itself and goes out as the service's 500. */
export function errorReply(service: JsonService, thrown: unknown): Reply {
  const error =
    thrown instanceof AwsError
      ? thrown
      : new AwsError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), 500)
  const headers: Record<string, string> = { 'content-type': contentType(service) }
  if (service === 'sqs') headers['x-amzn-query-error'] = queryError(error.code, error.status)
  return { status: error.status, headers, body: JSON.stringify(envelope(service, error)) }
}

const errorSchema = z.looseObject({ __type: z.string().default('InternalFailure'), message: z.string().default('') })

/** The value in an answer of an embedded service. @throws AwsError when it is a refusal */
export function answerIn(reply: Reply): unknown {
  const value: unknown = JSON.parse(reply.body)
  if (reply.status === 200) return value
  const { __type: type, message } = errorSchema.parse(value)
  throw new AwsError(type.replace(/^.*#/, ''), message, reply.status)
}

/** A request checked against its schema. @throws AwsError ValidationException that names every wrong member */
export function parseInput<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `'${issue.path.join('.')}': ${issue.message}`)
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`
  throw new AwsError('ValidationException', `${count}: ${problems.join('; ')}`)
}
