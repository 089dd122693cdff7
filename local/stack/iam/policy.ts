import * as z from 'zod'
import { compilePolicy, type Statement } from '../../aws/policy.ts'
import { oneLine, templateError } from '../errors.ts'

const texts = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
})

/** Nothing is encrypted here and nobody calls KMS, so a right on a key has no meaning, whatever its condition. */
const keyRightSchema = z.object({
  Effect: z.literal('Allow'),
  Action: z
    .union([z.string(), z.array(z.string())])
    .refine((given) => [given].flat().every((one) => one.startsWith('kms:'))),
})

const documentSchema = z.object({
  Version: z.string().optional(),
  Statement: z.union([z.unknown().array(), z.unknown().transform((one) => [one])]),
})

/**
 * The statements of an evaluated policy document.
 * @throws StackError for what cannot be judged here (`Condition`, `NotAction`): to leave it out would allow more than is deployed.
 */
export function statementsOf(document: unknown, where: string): Statement[] {
  const parsed = documentSchema.safeParse(document)
  if (!parsed.success) throw templateError(where, 'is not a policy document')
  return parsed.data.Statement.filter((given) => !keyRightSchema.safeParse(given).success).map((given) => {
    const statement = statementSchema.safeParse(given)
    if (!statement.success) throw templateError(where, `policy statement: ${oneLine(statement.error)}`)
    const { Effect, Action, Resource } = statement.data
    return { effect: Effect, actions: Action, resources: Resource }
  })
}

/** `*` and `?` as IAM reads them in an ARN. */
export function arnMatches(pattern: string, arn: string): boolean {
  return compilePolicy([{ effect: 'Allow', actions: ['*'], resources: [pattern] }])('*', [arn]).kind === 'allowed'
}

/** Whether the statements allow an action on a resource. */
export const allows = (statements: Statement[], action: string, resource: string) =>
  compilePolicy(statements)(action, [resource]).kind === 'allowed'

const LOGS: Statement = {
  effect: 'Allow',
  actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: ['*'],
}

const MANAGED: Record<string, Statement[]> = {
  AWSLambdaBasicExecutionRole: [LOGS],
  AWSLambdaSQSQueueExecutionRole: [
    LOGS,
    {
      effect: 'Allow',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: ['*'],
    },
  ],
}

/**
 * What a policy managed by AWS allows.
 * @throws StackError for one whose statements are not listed here.
 */
export function managedStatements(arn: string, where: string): Statement[] {
  const statements = MANAGED[arn.split('/').at(-1) ?? '']
  if (!statements) throw templateError(where, `the managed policy ${arn} is not supported`)
  return statements
}
