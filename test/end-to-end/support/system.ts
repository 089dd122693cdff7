import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { depthOf } from '../../../local/start/subscriber.ts'
import type { LocalSystem } from '../../../local/start/system.ts'
import { until } from '../../../local/start/until.ts'

type Item = Record<string, unknown>

/** A task of the demo workspace, always the same for the same place. */
export function aTask({ clickup }: LocalSystem, place: number) {
  const task = clickup?.world.tasks().filter(({ archived }) => !archived)[place]
  if (task === undefined) throw new Error(`The demo workspace has no task ${place}`)
  return task
}

/** Waits until nothing is on the deliveries queue, neither waiting, nor being worked on, nor put off. */
export const untilDrained = ({ clients, details }: LocalSystem, deadlineMs = 20_000): Promise<true> =>
  until(async () => ((await depthOf(clients.sqs, details.queues.deliveries)) === 0 ? true : undefined), {
    what: 'the deliveries queue to become empty',
    deadlineMs,
    everyMs: 50,
  })

export async function isThere({ clients }: LocalSystem, table: string, key: Item): Promise<Item | undefined> {
  const { Item } = await clients.dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
  return Item
}

/** The ledger's items by change id; a change that stood there twice would have two. */
export async function ledgerById({ clients }: LocalSystem, table: string): Promise<Map<string, Item[]>> {
  const items: Item[] = []
  let from: Item | undefined
  do {
    const page = await clients.dynamo.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    )
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return Map.groupBy(items, ({ sk }) => String(sk).split('#').at(-1) ?? '')
}
