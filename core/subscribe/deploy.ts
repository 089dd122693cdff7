import {
  DeleteRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { createSubscriptionQueues } from './queues.ts'
import { RETRY, type SubscriptionTarget, subscriptionNames, subscriptionTags } from './subscription.ts'
import type { Pattern } from './value-patterns.ts'

/** One target for each rule; the same id again replaces it. */
const TARGET_ID = 'target'

export type DeployServices = {
  events: EventBridgeClient
  sqs: SQSClient
  /** Asked for only where a function is the target. */
  lambda(): Promise<LambdaClient>
  busName: string
  stage: string
}

export type Subscription = {
  name: string
  pattern: Pattern
  /** An https target needs a role, which only a template should make. */
  target: Exclude<SubscriptionTarget, { kind: 'https' }>
  description: string
}

export type Deployed = { rule: string; ruleArn: string; targetArn: string; deadLettersUrl: string }

/**
 * Makes a subscription, or changes the one of this name: done again it ends in the same. The target comes last, so that a
 * crash leaves a rule that sends nothing, and never one that loses what it could not deliver.
 */
export async function deploySubscription(services: DeployServices, wanted: Subscription): Promise<Deployed> {
  const { events, busName, stage } = services
  const names = subscriptionNames(stage, wanted.name)
  const tags = subscriptionTags(stage, wanted.name)
  const { RuleArn: ruleArn = '' } = await events.send(
    new PutRuleCommand({
      Name: names.rule,
      EventBusName: busName,
      EventPattern: JSON.stringify(wanted.pattern),
      Description: wanted.description.slice(0, 512),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  const queues = createSubscriptionQueues(services.sqs)
  const own = { ruleArn, tags, sid: names.rule }
  const deadLetters = await queues.make({ ...own, name: names.deadLetters })
  const targetArn = await reach(services, wanted, { ...own, deadLettersArn: deadLetters.arn, names })
  const { Targets: before = [] } = await events.send(
    new ListTargetsByRuleCommand({ Rule: names.rule, EventBusName: busName }),
  )
  const { FailedEntryCount = 0, FailedEntries = [] } = await events.send(
    new PutTargetsCommand({
      Rule: names.rule,
      EventBusName: busName,
      Targets: [
        {
          Id: TARGET_ID,
          Arn: targetArn,
          DeadLetterConfig: { Arn: deadLetters.arn },
          RetryPolicy: { MaximumRetryAttempts: RETRY.attempts, MaximumEventAgeInSeconds: RETRY.hours * 3600 },
        },
      ],
    }),
  )
  if (FailedEntryCount > 0)
    throw new Error(`EventBridge does not take the target: ${FailedEntries[0]?.ErrorMessage ?? 'no reason given'}`)
  for (const { Arn = '' } of before) if (Arn !== targetArn) await leave(services, Arn, names)
  return { rule: names.rule, ruleArn, targetArn, deadLettersUrl: deadLetters.url }
}

type Way = {
  ruleArn: string
  tags: Record<string, string>
  sid: string
  deadLettersArn: string
  names: ReturnType<typeof subscriptionNames>
}

/** Has the target let the rule in; a queue is made where none is given. */
async function reach(services: DeployServices, { target }: Subscription, way: Way): Promise<string> {
  const queues = createSubscriptionQueues(services.sqs)
  if (target.kind === 'lambda') {
    const { letInvoke } = await import('./function-permission.ts')
    await letInvoke(await services.lambda(), target.arn, { sid: way.sid, ruleArn: way.ruleArn })
    return target.arn
  }
  if (target.arn === undefined) return (await queues.make({ ...way, name: way.names.queue })).arn
  await queues.admit(target.arn, way)
  return target.arn
}

/** Takes the right to send back from what was a target and is none any more; what was made with the subscription stays. */
async function leave(services: DeployServices, arn: string, names: Way['names']): Promise<void> {
  if (arn.includes(':lambda:')) {
    const { noLongerInvoke } = await import('./function-permission.ts')
    await noLongerInvoke(await services.lambda(), arn, names.rule)
  } else if (arn.includes(':sqs:') && !arn.endsWith(`:${names.queue}`))
    await createSubscriptionQueues(services.sqs).dismiss(arn, names.rule)
}

/** Takes a subscription away, its queues too where `withQueues`; nothing happens where there is none. */
export async function removeSubscription(
  services: DeployServices,
  name: string,
  { withQueues }: { withQueues: boolean },
): Promise<void> {
  const { events, busName, stage } = services
  const names = subscriptionNames(stage, name)
  const rule = { Rule: names.rule, EventBusName: busName }
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand(rule))
  if (Targets.length > 0)
    await events.send(new RemoveTargetsCommand({ ...rule, Ids: Targets.flatMap(({ Id }) => Id ?? []) }))
  await events.send(new DeleteRuleCommand({ Name: names.rule, EventBusName: busName }))
  for (const { Arn = '' } of Targets) await leave(services, Arn, names)
  if (!withQueues) return
  const queues = createSubscriptionQueues(services.sqs)
  await queues.remove(names.queue)
  await queues.remove(names.deadLetters)
}
