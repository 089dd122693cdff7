import * as sdk from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { arnsOf } from '../../aws/arns.ts'
import { AwsError } from '../../aws/json-protocol.ts'
import { createSecretsManager } from '../../aws/secrets/handler.ts'
import type { Random } from '../../clickup/random.ts'
import type { VirtualTime } from '../time.ts'
import { type Caller, inProcess, type Latency, type Operation, REGION } from './in-process.ts'

const LATENCY: Latency = [5, 20]
const ACCOUNT = '123456789012'

const OPERATIONS = [
  ...['GetSecretValue', 'PutSecretValue', 'DescribeSecret', 'UpdateSecretVersionStage'],
  ...['ListSecretVersionIds', 'RotateSecret', 'CancelRotateSecret'],
] as const

const requestSchema = z.looseObject({ ClientRequestToken: z.string().optional() })
const answerSchema = z.looseObject({ CreatedDate: z.number().optional() })
const versionSchema = z.looseObject({ SecretString: z.string() })

export type MemorySecrets = ReturnType<typeof createMemorySecrets>

type Services = {
  time: VirtualTime
  /** Makes the ids of versions, as the SDK does. */
  random: Random
  /** Takes a step of a rotation: Lambda's name of the function, and what Secrets Manager sends it. */
  invoke: (lambdaArn: string, payload: unknown) => Promise<unknown>
}

/** The local stack's Secrets Manager in virtual time, asked without a wire: versions, labels, and rotations with their retries. */
export function createMemorySecrets({ time, random, invoke }: Services) {
  const arns = arnsOf({ region: REGION, account: ACCOUNT })
  const service = createSecretsManager(arns, time, invoke, undefined, time.sleep)
  const versionIds = random.fork('versions of secrets')

  /** What the SDK does on both sides of the wire: an id for what has none, dates, and errors of its own. */
  const operation =
    (name: string): Operation =>
    (input) => {
      const request = requestSchema.parse(input)
      const ClientRequestToken = request.ClientRequestToken ?? versionIds.uuid()
      try {
        const { CreatedDate, ...answer } = answerSchema.parse(service.serve(name, { ...request, ClientRequestToken }))
        return CreatedDate === undefined ? answer : { ...answer, CreatedDate: new Date(CreatedDate * 1_000) }
      } catch (error) {
        throw error instanceof AwsError ? asException(error) : error
      }
    }
  const operations = new Map(OPERATIONS.map((name) => [name, operation(name)]))

  return {
    client: (caller: Caller) =>
      inProcess(new sdk.SecretsManagerClient({ region: REGION }), caller, LATENCY, operations),
    /** Makes a secret, as a deploy does; `rotatedBy`: ARN of the function that rotates it. */
    create: (name: string, rotatedBy: string, content: object): void =>
      void service.createSecret({ name, value: JSON.stringify(content), rotationLambdaArn: rotatedBy }),
    /** Puts a new version in the secret: the current one, or one with these labels and no others. */
    put(name: string, content: object, labels?: readonly string[]): void {
      const stages = labels === undefined ? {} : { VersionStages: [...labels] }
      operation('PutSecretValue')({ SecretId: name, SecretString: JSON.stringify(content), ...stages })
    },
    /** The text of the current version. */
    current: (name: string): string =>
      versionSchema.parse(operation('GetSecretValue')({ SecretId: name })).SecretString,
    /** Begins a rotation, as an operator or the schedule does. @returns the version that it makes @throws what the SDK would */
    rotate: (name: string): string =>
      z.object({ VersionId: z.string() }).parse(operation('RotateSecret')({ SecretId: name })).VersionId,
    /** Labels by version id. */
    labels: (name: string): ReadonlyMap<string, readonly string[]> => {
      const answer = operation('DescribeSecret')({ SecretId: name })
      return new Map(
        Object.entries(
          z.looseObject({ VersionIdsToStages: z.record(z.string(), z.array(z.string())) }).parse(answer)
            .VersionIdsToStages,
        ),
      )
    },
  }
}

const EXCEPTIONS = {
  ResourceNotFoundException: sdk.ResourceNotFoundException,
  ResourceExistsException: sdk.ResourceExistsException,
  InvalidRequestException: sdk.InvalidRequestException,
  InvalidParameterException: sdk.InvalidParameterException,
  LimitExceededException: sdk.LimitExceededException,
} as const
const isKnown = (code: string): code is keyof typeof EXCEPTIONS => Object.hasOwn(EXCEPTIONS, code)

/** As the SDK shows a refusal. */
function asException({ code, message }: AwsError): Error {
  const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }
  if (isKnown(code)) return new EXCEPTIONS[code]({ message, $metadata })
  return new sdk.SecretsManagerServiceException({ name: code, $fault: 'client', message, $metadata })
}
