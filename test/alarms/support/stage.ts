import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PurgeQueueCommand } from '@aws-sdk/client-sqs'
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { ENV } from '../../../core/platform/env-names.ts'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import type { Datum } from '../../../local/aws/cloudwatch/metric.ts'
import type { AwsCall } from '../../../local/aws/gateway.ts'
import { createDriver } from '../../../local/check/drive.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../../../local/check/settings.ts'
import { noFaults } from '../../../local/clickup/faults.ts'
import { startModelServer } from '../../../local/model/server.ts'
import { startLocal } from '../../../local/start/system.ts'
import { post, statusDelivery } from '../../end-to-end/support/deliveries.ts'

/**
 * Working time whenever the tests run, so that silence means the same: all week, and in a time zone where it is not about
 * midnight, because a day's hours end at 23:59.
 */
const ALWAYS = {
  timeZone: Math.abs(new Date().getUTCHours() - 12) < 6 ? 'UTC' : 'Etc/GMT+12',
  workingDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  workingHours: { from: '00:00', to: '23:59' },
}

/** Of the stage: one that is told when all is well, and others for a day on which it is not. */
export const SUMMARIES = ['daily', 'second', 'third', 'fourth'] as const

/** Everything that a stage can have, so that it has every alarm. */
const CONFIG = {
  standup: {
    model: {
      ...{ provider: 'openai-compatible', id: 'tiny', price: { input: 0, output: 0 } },
      // Nobody is there: the model of this machine takes its place.
      baseUrl: 'http://127.0.0.1:9/v1',
    },
    summaries: SUMMARIES.map((name) => ({ name, to: { event: true } })),
  },
}

/** Brings what an alarm is for about, in a stack in which all is well, and lets the real functions meet it. */
export type Scene = (stage: Stage) => Promise<unknown>

/** Of a change so fresh that what was read a moment ago does not do, and old enough that a read of now does. */
export const freshDelivery = (taskId: string) => statusDelivery(taskId, randomUUID(), 6_000)

export type Stage = Awaited<ReturnType<typeof openStage>>

/** The whole template on this machine, the fake ClickUp beside it, and what is needed to make them fail. */
export async function openStage() {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-alarms-'))
  const configPath = join(directory, 'hookline.config.ts')
  writeFileSync(configPath, `export default ${JSON.stringify(CONFIG)}`)
  const model = await startModelServer({ seed: 11 })
  const system = await startLocal({
    ...{ seed: 11, plan: 'Enterprise', configPath },
    // All of them are read first.
    mostInAList: 5,
    outside: {
      [ENV.standupSettleMs]: '0',
      [ENV.modelUrl]: model.openaiUrl,
      [ENV.syncSettings]: JSON.stringify({ ...SYNC_SETTINGS, lateMs: 0, explainForMs: 0 }),
      // A scene is over when its calls are made: as one after the other delivers a lot, they would wait for listings as in a storm.
      [ENV.settings]: JSON.stringify({ ...CONSUMER_SETTINGS, reading: { fewReads: 1_000_000 } }),
      [ENV.pulseSettings]: JSON.stringify({ workingTime: ALWAYS }),
    },
  })
  const { clickup, clients, details, gateway, stack } = system
  if (clickup === null) throw new Error('The fake ClickUp is wanted here')
  const driver = createDriver(system, clickup)
  const { connection } = driver
  const undo = new Set<() => Promise<unknown> | unknown>()
  const tasks = clickup.world.tasks().filter(({ archived, parentId }) => !archived && parentId === null)
  let turn = 0

  const named = (name: string) => {
    const found = stack.functions.find((each) => each.name.endsWith(`-${name}`))
    if (found === undefined) throw new Error(`The template has no function ${name}`)
    return found
  }
  const functionOf = (call: AwsCall, name: string) => call.caller === named(name).name
  const queue = (path: string) => {
    const found = Object.entries(stack.queues).find(([key]) => key === path)?.[1]
    if (found === undefined)
      throw new Error(`The template has no queue ${path}: ${Object.keys(stack.queues).join(', ')}`)
    return found
  }

  /** Puts something in the way of AWS calls until the scene is over. */
  function intercept(act: (call: AwsCall) => Promise<void> | void): void {
    const remove = gateway.intercept(async (call) => {
      await act(call)
      return undefined
    })
    undo.add(remove)
  }

  /** Another task each time, so that nothing has read it a moment ago. */
  const aTask = () => {
    turn += 1
    const task = tasks[turn % tasks.length]
    if (task === undefined) throw new Error('The demo workspace has no task')
    return task
  }

  const forget = (thing: string) =>
    clients.dynamo.send(
      new DeleteCommand({ TableName: details.tables.state, Key: { [PK]: stateKey(connection, thing) } }),
    )
  /** What is known of budget, breaker and token: a window that was spent would last a minute. */
  const forgetUpstream = () => forget('upstream')

  return {
    ...{ system, clickup, driver, gateway, stack, connection, named, functionOf, queue, intercept, aTask, tasks },
    ...{ clients, model },
    /** Something to be done when the scene is over, the last first. */
    after: (act: () => Promise<unknown> | unknown) => void undo.add(act),
    state: { dynamo: clients.dynamo, table: details.tables.state },

    /** Everything that is published as a metric from now on. */
    record() {
      const data: Datum[] = []
      const stop = gateway.cloudwatch.onDatum((datum) => void data.push(datum))
      return { data, [Symbol.dispose]: () => void stop() }
    },

    /** Signed deliveries at once, each of a change of another task; the answers' statuses. */
    deliver: (count: number, signature?: string) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const body = freshDelivery(aTask().id)
          return (await (signature === undefined ? post(details, body) : post(details, body, signature))).status
        }),
      ),
    deliverOf: (taskIds: readonly string[]) =>
      Promise.all(taskIds.map(async (id) => (await post(details, freshDelivery(id))).status)),

    /** Takes the pulse now, as its schedule does every five minutes. */
    async pulse(): Promise<void> {
      const outcome = await named('pulse').invoke({})
      if (outcome.kind !== 'returned') throw new Error(`No pulse was taken: ${JSON.stringify(outcome)}`)
    },

    /** Has a summary told now, as its schedule does. */
    async tell(name: (typeof SUMMARIES)[number]): Promise<void> {
      const schedule = stack.schedules.find((each) => each.name === name)
      if (schedule === undefined) throw new Error(`The template has no schedule of the summary ${name}`)
      await schedule.fire()
    },

    /** Changes an item of the state table until the scene is over. */
    async alter(thing: string, change: Record<string, unknown>, key = stateKey(connection, thing)): Promise<void> {
      const where = { TableName: details.tables.state, Key: { [PK]: key } }
      const { Item } = await clients.dynamo.send(new GetCommand({ ...where, ConsistentRead: true }))
      undo.add(() =>
        Item === undefined
          ? clients.dynamo.send(new DeleteCommand(where))
          : clients.dynamo.send(new PutCommand({ TableName: where.TableName, Item })),
      )
      await clients.dynamo.send(new PutCommand({ TableName: where.TableName, Item: { [PK]: key, ...Item, ...change } }))
    },

    forgetUpstream,

    /** All is well again, and what waited is done or gone. */
    async heal(): Promise<void> {
      for (const act of [...undo].reverse()) await act()
      undo.clear()
      Object.assign(clickup.faults, noFaults())
      await forgetUpstream()
      // What was put off and is gone from the queue would be waited for.
      await forget('intake')
      for (const { url } of Object.values(stack.queues))
        await clients.sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    },
    async close() {
      await system.close()
      await model.close()
      rmSync(directory, { recursive: true })
    },
  }
}
