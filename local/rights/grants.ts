import type { Statement } from '../aws/policy.ts'
import type { Deployment } from '../stack/deployment.ts'
import { nameOfResource } from './names.ts'
import { grantsOfServices } from './service-grants.ts'

/** One thing that the template lets somebody do: the smallest that can be taken away. */
export type Grant = {
  /** A function by the last part of its name (`consumer`), or in words whoever else it is. */
  who: string
  action: string
  /** As the statement writes it, evaluated. */
  resource: string
  /** `role`: of a function's role, judged with every call. The others are judged when the stack starts. */
  kind: 'role' | 'service'
  /** The same deployment without it. */
  takenFrom(deployment: Deployment): Deployment
}

/** `consumer dynamodb:PutItem Ledger`: by this a grant is chosen, explained and reported. */
export const textOf = ({ who, action, resource }: Pick<Grant, 'who' | 'action' | 'resource'>): string =>
  `${who} ${action} ${nameOfResource(resource)}`

/** The last part of a function's name. */
export const shortName = (functionName: string): string => functionName.replace(/^hookline-[a-z0-9]+-/, '')

/** One statement for each allowed pair, and without those that are gone. */
export function without(
  statements: readonly Statement[],
  isGone: (action: string, resource: string) => boolean = () => false,
): Statement[] {
  return statements.flatMap((statement): Statement[] => {
    if (statement.effect === 'Deny') return [statement]
    const { effect, actions, resources } = statement
    const pairs = actions.flatMap((action) => resources.map((resource) => ({ action, resource })))
    return pairs
      .filter(({ action, resource }) => !isGone(action, resource))
      .map(({ action, resource }) => ({ effect, actions: [action], resources: [resource] }))
  })
}

/** Everything that a deployed template allows, each once. */
export function grantsOf(deployment: Deployment): Grant[] {
  const grants = [...deployment.roles.flatMap((role) => ofRole(role, deployment)), ...grantsOfServices(deployment)]
  return [...new Map(grants.map((grant) => [`${grant.who} ${grant.action} ${grant.resource}`, grant])).values()]
}

function ofRole({ arn, statements }: Deployment['roles'][number], deployment: Deployment): Grant[] {
  const functions = deployment.functions.filter(({ roleArn }) => roleArn === arn).map(({ name }) => shortName(name))
  const kind = functions.length > 0 ? 'role' : 'service'
  return (functions.length > 0 ? functions : [serviceOf(deployment, arn)]).flatMap((who) =>
    without(statements).flatMap(({ effect, actions: [action = ''], resources: [resource = ''] }): Grant[] => {
      if (effect === 'Deny') return []
      const takenFrom = (whole: Deployment): Deployment => ({
        ...whole,
        roles: whole.roles.map((role) =>
          role.arn === arn
            ? { ...role, statements: without(role.statements, (a, r) => a === action && r === resource) }
            : role,
        ),
      })
      return [{ who, action, resource, kind, takenFrom }]
    }),
  )
}

/** Which service takes on a role that is no function's. */
function serviceOf({ deploymentGroups, triggers }: Deployment, roleArn: string): string {
  if (deploymentGroups.some((group) => group.roleArn === roleArn)) return 'CodeDeploy'
  if (triggers.some(({ targets }) => targets.some((target) => target.roleArn === roleArn))) return 'Scheduler'
  return 'nobody'
}
