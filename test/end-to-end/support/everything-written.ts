import { readFileSync } from 'node:fs'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { EVENT_SOURCE } from '../../../core/platform/names.ts'
import type { LocalSystem } from '../../../local/start/system.ts'

/** Something that was written, by the place where it stands. */
export type Written = { place: string; text: string }

/** Keeps every event of the bus on a queue, where they are found with all other messages. */
export async function keepEvents({ clients: { sqs, events }, details }: LocalSystem): Promise<void> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'every-event' }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const rule = { Name: 'every-event', EventBusName: details.busName }
  await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: [EVENT_SOURCE] }) }))
  const target = { Id: 'queue', Arn: Attributes?.['QueueArn'] }
  await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets: [target] }))
}

/** Everything that stands anywhere now: table items, messages with their attributes, log groups, the output of the functions. */
export async function everythingWritten(system: LocalSystem, logFile: string): Promise<Written[]> {
  return [
    ...(await tableItems(system)),
    ...(await messages(system)),
    ...(await logLines(system)),
    ...lines(readFileSync(logFile, 'utf8')).map((text) => ({ place: 'output of the functions', text })),
  ]
}

const lines = (text: string) => text.split('\n').filter(Boolean)

async function tableItems({ clients, details }: LocalSystem): Promise<Written[]> {
  const found: Written[] = []
  for (const [name, table] of Object.entries(details.tables)) {
    let from: Record<string, unknown> | undefined
    do {
      const page = await clients.dynamo.send(
        new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
      )
      for (const item of page.Items ?? []) found.push({ place: `table ${name}`, text: JSON.stringify(item) })
      from = page.LastEvaluatedKey
    } while (from !== undefined)
  }
  return found
}

export async function queueUrls({ clients: { sqs } }: LocalSystem): Promise<string[]> {
  return (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []
}

/** Of every queue there is; each message is seen once, and is then hidden for a while. */
async function messages(system: LocalSystem): Promise<Written[]> {
  const { sqs } = system.clients
  const found: Written[] = []
  for (const QueueUrl of await queueUrls(system)) {
    const place = `queue ${QueueUrl.split('/').at(-1)}`
    const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout: 600 }
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ ...receive, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] }),
      )
      if (Messages.length === 0) break
      for (const { Body = '', MessageAttributes = {} } of Messages)
        found.push(
          { place: `${place}, body`, text: Body },
          { place: `${place}, attributes`, text: JSON.stringify(MessageAttributes) },
        )
    }
  }
  return found
}

async function logLines({ stack, details }: LocalSystem): Promise<Written[]> {
  const { endpoints, credentials, region } = details
  const client = new CloudWatchLogsClient({ endpoint: endpoints.logs, region, credentials: { ...credentials } })
  const found: Written[] = []
  try {
    for (const { name } of stack.functions) {
      let nextToken: string | undefined
      do {
        const answer = await client.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, nextToken }))
        for (const { message: text = '' } of answer.events ?? [])
          found.push({ place: text.includes('"_aws"') ? 'metric lines' : `log of ${name}`, text })
        nextToken = answer.nextToken
      } while (nextToken !== undefined)
    }
  } finally {
    client.destroy()
  }
  return found
}
