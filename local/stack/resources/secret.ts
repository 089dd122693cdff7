import { randomInt } from 'node:crypto'
import * as z from 'zod'
import { templateError } from '../errors.ts'
import { parseExpression } from '../schedule/expression.ts'
import { kind, physicalName } from './kind.ts'

const generateSchema = z.looseObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludePunctuation: z.boolean().default(false),
})

export const secret = kind({
  schema: z.strictObject({
    Name: z.string().optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: generateSchema.optional(),
  }),
  ignores: ['Description', 'KmsKeyId', 'Tags'],
  async make(properties, resource, deployment) {
    const name = properties.Name ?? physicalName(resource, 64)
    const generated = properties.GenerateSecretString
      ? generate(properties.GenerateSecretString, resource.where)
      : undefined
    const value = properties.SecretString ?? generated
    const { arn } = await deployment.gateway.createSecret({ name, ...(value !== undefined && { value }) })
    deployment.secrets.push({ path: resource.path, name, arn })
    return { ref: arn, attributes: { Id: arn, Arn: arn } }
  },
})

/** Started once every function stands, because the rotating function names the secret and the secret the function. */
export const rotationSchedule = kind({
  schema: z.strictObject({
    SecretId: z.string(),
    RotationLambdaARN: z.string(),
    RotateImmediatelyOnUpdate: z.boolean().default(true),
    RotationRules: z
      .strictObject({
        AutomaticallyAfterDays: z.coerce.number().optional(),
        Duration: z.string().optional(),
        ScheduleExpression: z.string().optional(),
      })
      .optional(),
  }),
  ignores: [],
  make({ SecretId, RotationLambdaARN, RotateImmediatelyOnUpdate, RotationRules: rules = {} }, resource, deployment) {
    const rotated = deployment.secrets.find(({ name, arn }) => name === SecretId || arn === SecretId)
    if (!rotated) throw templateError(resource.where, `there is no secret ${SecretId} to rotate`)
    const days = rules.AutomaticallyAfterDays
    const every = days ? `rate(${days} ${days === 1 ? 'day' : 'days'})` : undefined
    const stated = rules.ScheduleExpression ?? every
    deployment.rotations.push({
      where: resource.where,
      path: resource.path,
      secret: rotated,
      functionArn: RotationLambdaARN,
      rules,
      expression: stated ? parseExpression(stated, resource.where) : undefined,
      rotateNow: RotateImmediatelyOnUpdate,
    })
    return { ref: rotated.arn, attributes: { Id: rotated.arn } }
  },
})

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

function generate(how: z.infer<typeof generateSchema>, where: string): string {
  const all = how.ExcludePunctuation ? LETTERS : LETTERS + PUNCTUATION
  const characters = [...all].filter((character) => !how.ExcludeCharacters.includes(character))
  if (characters.length === 0) throw templateError(where, 'no characters are left to make the secret from')
  const password = Array.from({ length: how.PasswordLength }, () => characters[randomInt(characters.length)]).join('')
  if (!how.GenerateStringKey) return password
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(how.SecretStringTemplate ?? '{}'))
  return JSON.stringify({ ...template, [how.GenerateStringKey]: password })
}
