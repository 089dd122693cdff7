import type { Deployment, EventSourceRecord, QueueRecord, TargetRecord, TriggerRecord } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { StageRecord } from '../http/routes.ts'
import { allows, arnMatches } from '../iam/policy.ts'
import type { FunctionDefinition } from '../lambda/definition.ts'
import { functionAt, queueAt, roleAt } from './look-up.ts'

/*
 * What AWS would refuse, or fail at in silence, once it is deployed. Found here, it fails on the desk.
 */

/** A service invokes a function only with an `AWS::Lambda::Permission` that covers what it invokes for. */
export function checkPermission(
  deployment: Deployment,
  to: {
    definition: FunctionDefinition
    /** How the caller names it where that is a version or an alias: a permission for the function itself does not cover it. */
    calledBy?: string
    principal: string
    sourceArn: string
    where: string
  },
): void {
  const permitted = deployment.permissions.some(
    (one) =>
      one.functionName === (to.calledBy ?? to.definition.name) &&
      one.principal === to.principal &&
      (one.sourceAccount ?? deployment.gateway.account) === deployment.gateway.account &&
      arnMatches(one.sourceArn ?? '*', to.sourceArn),
  )
  if (permitted) return
  const wanted = `AWS::Lambda::Permission for ${to.principal} with a source that covers ${to.sourceArn}`
  throw templateError(to.where, `may not invoke ${to.definition.path}: the template has no ${wanted}`)
}

/** What a route's permission has to cover. */
export function routeSource(deployment: Deployment, stage: StageRecord, apiId: string, routeKey: string): string {
  const { region, account } = deployment.gateway
  const [method = '', path] = routeKey.split(' ')
  const rest = path === undefined ? `*/${routeKey}` : `${method === 'ANY' ? '*' : method}${path}`
  return `arn:aws:execute-api:${region}:${account}:${apiId}/${stage.name}/${rest}`
}

/** Lambda polls with the function's own role, and refuses a queue that gives a message again while it is being worked on. */
export function checkEventSource(deployment: Deployment, source: EventSourceRecord): void {
  const definition = functionAt(deployment, source.functionName, source.where)
  const queue = queueAt(deployment, source.queueArn, source.where)
  const { statements } = roleAt(deployment, definition.roleArn, source.where)
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    if (allows(statements, action, queue.arn)) continue
    throw templateError(source.where, `the role of ${definition.path} does not allow ${action} on ${queue.path}`)
  }
  if (queue.visibilitySeconds < definition.timeoutSeconds) {
    const times = `${queue.visibilitySeconds} s is less than the function's time-out of ${definition.timeoutSeconds} s`
    throw templateError(source.where, `the visibility time-out of ${queue.path} of ${times}`)
  }
}

/** A rule sends to a queue by the queue's policy, a schedule by its role; both invoke functions in the same two ways. */
export function checkTarget(deployment: Deployment, trigger: TriggerRecord, target: TargetRecord): void {
  const queueArns = [target.arn, target.deadLetterArn].filter((arn) => arn?.startsWith('arn:aws:sqs:'))
  for (const arn of queueArns) checkSend(deployment, trigger, target, queueAt(deployment, arn ?? '', trigger.where))
  if (!target.arn.startsWith('arn:aws:lambda:')) return
  const definition = functionAt(deployment, target.arn, trigger.where)
  if (trigger.kind === 'schedule') {
    checkRole(deployment, trigger, target, 'lambda:InvokeFunction', target.arn)
  } else {
    const { where, arn: sourceArn } = trigger
    checkPermission(deployment, { definition, principal: 'events.amazonaws.com', sourceArn, where })
  }
}

function checkSend(deployment: Deployment, trigger: TriggerRecord, target: TargetRecord, queue: QueueRecord): void {
  if (trigger.kind === 'schedule') {
    checkRole(deployment, trigger, target, 'sqs:SendMessage', queue.arn)
  } else if (!ruleMaySend(deployment, trigger.arn, queue.arn)) {
    throw templateError(trigger.where, `the policy of ${queue.path} does not let events.amazonaws.com send for it`)
  }
}

const ruleMaySend = (deployment: Deployment, ruleArn: string, queueArn: string) =>
  deployment.queueGrants.some(
    (grant) =>
      grant.service === 'events.amazonaws.com' &&
      grant.queueArns.some((pattern) => arnMatches(pattern, queueArn)) &&
      grant.sourceArns.some((pattern) => arnMatches(pattern, ruleArn)) &&
      allows([{ effect: 'Allow', actions: grant.actions, resources: ['*'] }], 'sqs:SendMessage', queueArn),
  )

function checkRole(
  deployment: Deployment,
  trigger: TriggerRecord,
  target: TargetRecord,
  action: string,
  resource: string,
): void {
  const { name, statements } = roleAt(deployment, target.roleArn ?? '', trigger.where)
  if (!allows(statements, action, resource)) {
    throw templateError(trigger.where, `its role ${name} does not allow ${action} on ${resource}`)
  }
}
