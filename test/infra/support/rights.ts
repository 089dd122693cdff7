import * as z from 'zod'
import { find, ofType, type Resource, type Synth, text } from './template.ts'

const list = z.union([z.unknown().array(), z.unknown().transform((one) => [one])])
const statementSchema = z.strictObject({
  Effect: z.literal('Allow'),
  Action: z.union([z.string().array(), z.string().transform((one) => [one])]),
  Resource: list,
})
const policySchema = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.object({ Ref: z.string() })),
})
const functionSchema = z.looseObject({
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }),
})

export type Right = { action: string; resource: string }

export const roleOf = (fn: Resource) => functionSchema.parse(fn.Properties).Role['Fn::GetAtt'][0]

/** Everything that a function's role allows, a line each; a statement of any other form than a plain Allow throws. */
export function rightsOf({ service, data }: Synth, fn: Resource): Right[] {
  const role = roleOf(fn)
  return ofType(service, 'AWS::IAM::Policy')
    .map((policy) => policySchema.parse(policy.Properties))
    .filter((policy) => policy.Roles.some(({ Ref }) => Ref === role))
    .flatMap((policy) => policy.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource: text(resource, data) }))),
    )
}

/** A function's environment with its references as text. */
export const environmentOf = ({ data }: Synth, fn: Resource): Record<string, string> =>
  Object.fromEntries(
    Object.entries(functionSchema.parse(fn.Properties).Environment.Variables).map(([name, value]) => [
      name,
      text(value, data),
    ]),
  )

/** Logical ids without the CDK's hash, so that expectations read well. */
export const readable = (line: string) => line.replaceAll(/\$\{([A-Za-z]+?)[0-9A-F]{8}(\.Arn)?\}/g, '$1')

/** The event source of a function, by the beginning of its logical id. */
export const eventSource = ({ service }: Synth, fn: string) =>
  find(service, 'AWS::Lambda::EventSourceMapping', ({ Properties }) =>
    JSON.stringify(Properties['FunctionName']).startsWith(`{"Ref":"${fn}`),
  )
