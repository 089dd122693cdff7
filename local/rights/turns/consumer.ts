import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, SK } from '../../../core/platform/tables.ts'
import { AwsError } from '../../aws/gateway.ts'
import { failuresIn } from '../queues.ts'
import type { Stage } from '../stage.ts'
import { should, type Turn } from '../turn.ts'
import { deliver, hint, sendErrand, statusDelivery } from './delivery.ts'

const functions = ['consumer'] as const
const LONG_AGO_MS = 11 * 60_000
/** The first time it is five or six. */
const SECONDS_MS = 8_000

async function item(stage: Stage, table: 'tasks' | 'state', key: Record<string, string>) {
  const { clients, details } = stage.system
  const { Item } = await clients.dynamo.send(
    new GetCommand({ TableName: details.tables[table], Key: key, ConsistentRead: true }),
  )
  return Item
}

const askedSchema = z.looseObject({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.record(z.string(), z.looseObject({}))) })),
})

/** The same question about items of a table that nobody has written. */
function ofNothing(body: unknown, table: string): unknown {
  const asked = askedSchema.safeParse(body)
  const its = asked.data?.RequestItems[table]
  if (asked.data === undefined || its === undefined) return undefined
  const Keys = its.Keys.map((key) => ({ ...key, [PK]: { S: 'nothing' } }))
  return { ...asked.data, RequestItems: { ...asked.data.RequestItems, [table]: { ...its, Keys } } }
}

/** Nothing but what was refused is put aside, and that is looked at. */
async function quarantined(stage: Stage): Promise<number> {
  return (await stage.queues.waiting(stage.urlOf('quarantine'))).visible
}

/** What is known of ClickUp's health, and who reads what, is forgotten. */
async function forget(stage: Stage): Promise<void> {
  const { clients, details } = stage.system
  const { connection } = details
  const keys = ['desk', 'upstream']
  for (const thing of keys)
    await clients.dynamo.send(
      new DeleteCommand({ TableName: details.tables.state, Key: { [PK]: `${connection}#${thing}` } }),
    )
}

export const CONSUMER_TURNS: readonly Turn[] = [
  {
    name: 'a delivery becomes a change',
    functions,
    async play(stage) {
      const id = stage.nextTask()
      await deliver(stage, statusDelivery(id))
      await stage.work('consumer')
      const { connection } = stage.system.details
      should(
        (await item(stage, 'tasks', { [PK]: `${connection}#task#${id}`, [SK]: 'snapshot' })) !== undefined,
        'the task has no snapshot',
      )
      should((await quarantined(stage)) === 0, 'something was put aside')
    },
  },
  {
    name: 'a repeated delivery is met by its change',
    functions,
    async play(stage) {
      const body = statusDelivery(stage.nextTask())
      await deliver(stage, body)
      await stage.work('consumer')
      // Who looks for what is done is told of nothing, as may happen within a moment: then the claim finds it.
      const stop = stage.system.gateway.intercept(({ action, body: asked }) =>
        action === 'dynamodb:BatchGetItem' ? ofNothing(asked, stage.system.details.tables.ledger) : undefined,
      )
      try {
        await deliver(stage, body)
        await stage.work('consumer')
      } finally {
        stop()
      }
    },
  },
  {
    name: 'what is done of a large delivery is read at once',
    functions,
    async play(stage) {
      const histories = Array.from({ length: 101 }, (_, n) => `large-${n}-${performance.now()}`)
      await deliver(stage, statusDelivery(stage.nextTask(), histories))
      await stage.work('consumer')
    },
  },
  {
    name: 'a hint is looked at',
    functions,
    async play(stage) {
      const id = stage.nextTask()
      await deliver(stage, hint(id))
      await stage.work('consumer')
      const { connection } = stage.system.details
      should(
        (await item(stage, 'tasks', { [PK]: `${connection}#task#${id}`, [SK]: 'known' })) !== undefined,
        'nothing is known of the task',
      )
    },
  },
  {
    name: 'what may tell of what a sweep has found is looked up in the history',
    functions,
    async play(stage) {
      const { clients, details } = stage.system
      const id = stage.nextTask()
      await deliver(stage, hint(id))
      await stage.work('consumer')
      await clients.dynamo.send(
        new UpdateCommand({
          TableName: details.tables.tasks,
          Key: { [PK]: `${details.connection}#task#${id}`, [SK]: 'known' },
          UpdateExpression: 'SET sweptUntil = :late',
          ExpressionAttributeValues: { ':late': Date.now() + 3_600_000 },
        }),
      )
      await deliver(stage, statusDelivery(id))
      await stage.work('consumer')
    },
  },
  {
    name: 'what nobody can read is quarantined',
    functions,
    async play(stage) {
      await deliver(stage, '{')
      await stage.work('consumer')
      should((await quarantined(stage)) === 1, 'it is not in the quarantine')
      await stage.queues.purge(stage.urlOf('quarantine'))
    },
  },
  {
    name: 'what fails comes again in seconds',
    functions,
    tolerates: ['A message failed and comes again'],
    async play(stage) {
      const url = stage.urlOf('consumer')
      const stop = stage.system.gateway.intercept(({ action }) => {
        if (action === 'events:PutEvents') throw new AwsError('InternalFailure', 'The bus is down.')
      })
      try {
        await deliver(stage, statusDelivery(stage.nextTask()))
        const records = await stage.queues.take(url)
        const failed = failuresIn(await stage.invoke('consumer', { Records: records }))
        should(failed.length === 1, 'it did not fail')
        const deadline = performance.now() + SECONDS_MS
        while ((await stage.queues.take(url)).length === 0) {
          should(performance.now() < deadline, 'it keeps the visibility of its queue')
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      } finally {
        stop()
        await stage.queues.purge(url)
      }
    },
  },
  {
    name: 'what has to wait is sent anew, and gives its claim back',
    functions,
    async play(stage) {
      const url = stage.urlOf('consumer')
      Object.assign(stage.clickup.faults, { outage: { from: null, until: null, answer: 503 } })
      try {
        await deliver(stage, statusDelivery(stage.nextTask()))
        await stage.work('consumer')
        const { delayed } = await stage.queues.waiting(url)
        should(delayed === 1, `${delayed} messages were put off`)
      } finally {
        Object.assign(stage.clickup.faults, { outage: null })
        await forget(stage)
        await stage.queues.purge(url)
      }
    },
  },
  {
    name: 'what cannot be read for too long is published without, and read when it can be',
    functions,
    async play(stage) {
      const id = stage.nextTask()
      const owed = { [PK]: `${stage.system.details.connection}#owed`, [SK]: id }
      Object.assign(stage.clickup.faults, { outage: { from: null, until: null, answer: 503 } })
      try {
        await deliver(stage, statusDelivery(id), LONG_AGO_MS)
        await stage.work('consumer')
        should((await item(stage, 'tasks', owed)) !== undefined, 'nothing is owed')
      } finally {
        Object.assign(stage.clickup.faults, { outage: null })
        await forget(stage)
        await stage.queues.purge(stage.urlOf('consumer'))
      }
      stage.beginAnew('consumer')
      await sendErrand(stage)
      await stage.work('consumer')
      should((await item(stage, 'tasks', owed)) === undefined, 'it is still owed')
    },
  },
  {
    name: 'state that is none of ours is begun anew',
    functions,
    async play(stage) {
      const { clients, details } = stage.system
      for (const thing of ['desk', 'upstream'])
        await clients.dynamo.send(
          new PutCommand({
            TableName: details.tables.state,
            Item: { [PK]: `${details.connection}#${thing}`, reads: 1, 'window:minute': 'full', waiting: 'x' },
          }),
        )
      await deliver(stage, statusDelivery(stage.nextTask()))
      await stage.work('consumer')
    },
  },
]
