import { type EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { createSubscriptionQueues } from './queues.ts'
import { subscriptionNames, subscriptionPrefix } from './subscription.ts'

export type Listed = {
  name: string
  rule: string
  enabled: boolean
  /** JSON text. */
  pattern: string
  description: string | null
  targets: readonly string[]
  /** Events that could not be delivered, about; `null` where there is no dead-letter queue. */
  undelivered: number | null
  /** Events that nobody has read yet in the queue that was made with it, about; `null` where there is none. */
  unread: number | null
}

export type ListServices = { events: EventBridgeClient; sqs: SQSClient; busName: string; stage: string }

/** The subscriptions of a stage that were made with the command; rules of other stacks on the bus are theirs. */
export async function listSubscriptions({ events, sqs, busName, stage }: ListServices): Promise<Listed[]> {
  const prefix = subscriptionPrefix(stage)
  const queues = createSubscriptionQueues(sqs)
  const listed: Listed[] = []
  let NextToken: string | undefined
  do {
    const page = await events.send(
      new ListRulesCommand({ EventBusName: busName, NamePrefix: prefix, ...(NextToken && { NextToken }) }),
    )
    for (const { Name = '', EventPattern = '{}', State, Description } of page.Rules ?? []) {
      const name = Name.slice(prefix.length)
      const names = subscriptionNames(stage, name)
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName: busName }))
      listed.push({
        ...{ name, rule: Name, enabled: State === 'ENABLED', pattern: EventPattern, description: Description ?? null },
        targets: Targets.flatMap(({ Arn }) => Arn ?? []),
        undelivered: await queues.depth(names.deadLetters),
        unread: await queues.depth(names.queue),
      })
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return listed
}
