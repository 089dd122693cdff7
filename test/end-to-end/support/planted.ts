import { appendFileSync } from 'node:fs'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { EVENT_SOURCE } from '../../../core/platform/names.ts'
import type { LocalSystem } from '../../../local/start/system.ts'
import { queueUrls } from './everything-written.ts'

/** Something secret of each kind. */
export type Planted = { token: string; signingSecret: string; signature: string }

/**
 * Puts something secret into every table, queue, log and file that is searched, and onto the bus.
 * @returns the id of a task that is now called like the token
 */
export async function plant(system: LocalSystem, logFile: string, planted: Planted): Promise<string> {
  const { clients, details, gateway, stack } = system
  const { token, signingSecret, signature } = planted
  for (const TableName of Object.values(details.tables))
    await clients.dynamo.send(new PutCommand({ TableName, Item: { pk: 'planted', sk: 'planted', deep: [{ token }] } }))
  const inBase64 = Buffer.from(`user:${signingSecret}`).toString('base64')
  for (const QueueUrl of await queueUrls(system))
    await clients.sqs.send(
      new SendMessageCommand({
        ...{ QueueUrl, MessageBody: `with ${inBase64}` },
        MessageAttributes: { planted: { DataType: 'String', StringValue: signature } },
      }),
    )
  const entry = { EventBusName: details.busName, Source: EVENT_SOURCE, DetailType: 'Planted' }
  await clients.events.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify({ token }) }] }))
  for (const { name } of stack.functions) gateway.writeLog(`/aws/lambda/${name}`, 'planted', `a line with ${token}`)
  gateway.writeLog(`/aws/lambda/${stack.functions[0]?.name}`, 'planted', JSON.stringify({ _aws: {}, [signature]: 1 }))
  appendFileSync(logFile, `planted authorization: ${token}\n`)

  const { Items = [] } = await clients.dynamo.send(new ScanCommand({ TableName: details.tables.tasks }))
  const item = Items.find(({ sk }) => sk === 'snapshot')
  await clients.dynamo.send(
    new PutCommand({ TableName: details.tables.tasks, Item: { ...item, name: `called ${token}` } }),
  )
  return String(item?.['id'])
}
