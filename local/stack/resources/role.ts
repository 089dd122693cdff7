import * as z from 'zod'
import type { Statement } from '../../aws/policy.ts'
import type { Deployment } from '../deployment.ts'
import { templateError } from '../errors.ts'
import { managedStatements, statementsOf } from '../iam/policy.ts'
import { kind, physicalName } from './kind.ts'

const named = z.looseObject({ PolicyName: z.string(), PolicyDocument: z.unknown() })

export const role = kind({
  schema: z.strictObject({
    RoleName: z.string().optional(),
    ManagedPolicyArns: z.array(z.string()).default([]),
    Policies: z.array(named).default([]),
  }),
  // Who may take a role on is settled by the service that the template gives it to.
  ignores: ['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Path', 'Tags'],
  make(properties, resource, deployment) {
    const name = properties.RoleName ?? physicalName(resource, 64)
    const arn = `arn:aws:iam::${deployment.gateway.account}:role/${name}`
    const statements = [
      ...properties.ManagedPolicyArns.flatMap((policy) => managedStatements(policy, resource.where)),
      ...properties.Policies.flatMap((policy) => statementsOf(policy.PolicyDocument, resource.where)),
    ]
    deployment.roles.push({ name, arn, statements })
    return { ref: name, attributes: { Arn: arn, RoleId: name } }
  },
})

/** `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy` as far as they give roles their statements. */
export const policy = kind({
  schema: z.strictObject({
    PolicyName: z.string().optional(),
    ManagedPolicyName: z.string().optional(),
    PolicyDocument: z.unknown(),
    Roles: z.array(z.string()).default([]),
  }),
  ignores: ['Description', 'Path'],
  make({ PolicyName, ManagedPolicyName, PolicyDocument, Roles }, resource, deployment) {
    give(deployment, Roles, statementsOf(PolicyDocument, resource.where), resource.where)
    const name = PolicyName ?? ManagedPolicyName ?? physicalName(resource, 128)
    const arn = `arn:aws:iam::${deployment.gateway.account}:policy/${name}`
    return { ref: PolicyName ? name : arn, attributes: { Id: name, PolicyArn: arn } }
  },
})

export const rolePolicy = kind({
  schema: z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown(), RoleName: z.string() }),
  ignores: [],
  make({ PolicyName, PolicyDocument, RoleName }, resource, deployment) {
    give(deployment, [RoleName], statementsOf(PolicyDocument, resource.where), resource.where)
    return { ref: PolicyName, attributes: {} }
  },
})

function give(deployment: Deployment, names: string[], statements: Statement[], where: string): void {
  for (const name of names) {
    const found = deployment.roles.find((one) => one.name === name)
    if (!found) throw templateError(where, `the role ${name} is not in the template`)
    found.statements.push(...statements)
  }
}
