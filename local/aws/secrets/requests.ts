import * as z from 'zod'
import { AwsError } from '../json-protocol.ts'
import { rotationRulesSchema } from './rotation-rules.ts'
import type { SecretValue } from './store.ts'

const secretId = z.string().min(1).max(2048)
const tags = z.array(z.looseObject({ Key: z.string().min(1), Value: z.string().default('') }))
const token = z.string().optional()
const value = { SecretString: z.string().optional(), SecretBinary: z.string().optional() }

/** Members as the service's API reference defines them. */
export const schemas = {
  createSecret: z.looseObject({
    Name: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'must have 1 to 512 of the characters A-Z a-z 0-9 / _ + = . @ -'),
    Description: z.string().optional(),
    Tags: tags.default([]),
    ClientRequestToken: token,
    ...value,
  }),
  getSecretValue: z.looseObject({
    SecretId: secretId,
    VersionId: z.string().optional(),
    VersionStage: z.string().optional(),
  }),
  putSecretValue: z.looseObject({
    SecretId: secretId,
    ClientRequestToken: token,
    VersionStages: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
    ...value,
  }),
  secret: z.looseObject({ SecretId: secretId }),
  listSecrets: z.looseObject({
    /** Of names by their beginning, which is all that is asked for here. */
    Filters: z.array(z.looseObject({ Key: z.literal('name'), Values: z.array(z.string()) })).default([]),
  }),
  listSecretVersionIds: z.looseObject({ SecretId: secretId, IncludeDeprecated: z.boolean().default(false) }),
  updateSecretVersionStage: z.looseObject({
    SecretId: secretId,
    VersionStage: z.string().min(1).max(256),
    RemoveFromVersionId: z.string().optional(),
    MoveToVersionId: z.string().optional(),
  }),
  tagResource: z.looseObject({ SecretId: secretId, Tags: tags }),
  untagResource: z.looseObject({ SecretId: secretId, TagKeys: z.array(z.string()) }),
  deleteSecret: z.looseObject({
    SecretId: secretId,
    RecoveryWindowInDays: z.number().int().min(7).max(30).optional(),
    ForceDeleteWithoutRecovery: z.boolean().default(false),
  }),
  rotateSecret: z.looseObject({
    SecretId: secretId,
    ClientRequestToken: token,
    RotationLambdaARN: z.string().optional(),
    RotationRules: rotationRulesSchema.optional(),
    RotateImmediately: z.boolean().default(true),
  }),
}

const MAX_VALUE_BYTES = 65_536

/** The value in a request, null when there is none. @throws AwsError InvalidParameterException for two, or one too large */
export function valueIn(request: {
  SecretString?: string | undefined
  SecretBinary?: string | undefined
}): SecretValue | null {
  const { SecretString: text, SecretBinary: base64 } = request
  if (text !== undefined && base64 !== undefined) {
    const message = "You can't specify both a binary secret value and a string secret value in the same secret."
    throw new AwsError('InvalidParameterException', message)
  }
  const size = text === undefined ? Buffer.byteLength(base64 ?? '', 'base64') : Buffer.byteLength(text)
  if (size > MAX_VALUE_BYTES) {
    throw new AwsError('InvalidParameterException', `The secret value must be at most ${MAX_VALUE_BYTES} bytes long.`)
  }
  if (text !== undefined) return { kind: 'text', text }
  return base64 === undefined ? null : { kind: 'binary', base64 }
}

/** The id of the version that a request makes. SDK and CLI always send one. @throws AwsError when it is missing or malformed */
export function tokenIn(request: { ClientRequestToken?: string | undefined }): string {
  const { ClientRequestToken: id } = request
  if (id === undefined) {
    const message = 'You must provide a ClientRequestToken value. We recommend a UUID-type value.'
    throw new AwsError('InvalidRequestException', message)
  }
  if (id.length < 32 || id.length > 64) {
    throw new AwsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.')
  }
  return id
}
