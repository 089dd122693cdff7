import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionLog } from '../../cli/function-log.ts'
import { main } from '../../cli/main.ts'
import { changeId } from '../../core/ingest/identity.ts'
import { beginPause } from '../../core/pause/change.ts'
import { LOCAL_FILE } from '../../local/local-file.ts'
import { type Subscriber, subscribe } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { post, statusDelivery } from './support/deliveries.ts'
import { aTask, untilDrained } from './support/system.ts'

// The operator's own command on the synthesized template: Lambda's API, the pollers and the functions' roles and all.
let directory: string
let system: LocalSystem
let subscriber: Subscriber
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-pause-'))
  const file = join(directory, LOCAL_FILE)
  mkdirSync(dirname(file), { recursive: true })
  system = await startLocal({ seed: 9, file })
  subscriber = await subscribe(system.clients, { name: 'pause', busName: system.details.busName })
})
afterAll(async () => {
  await subscriber?.close()
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function hookline(...args: string[]) {
  const said = { out: '', err: '' }
  const status = await main(args, {
    write: (text) => {
      said.out += text
    },
    note: (line) => {
      said.err += `${line}\n`
    },
    ...{ columns: undefined, colours: false, now: () => Date.now(), cwd: directory },
    sleep: (ms) => new Promise((done) => setTimeout(done, ms / 10)),
  })
  return { status, ...said }
}

async function messages(kind: 'waiting' | 'deferred'): Promise<number> {
  const name: QueueAttributeName =
    kind === 'waiting' ? 'ApproximateNumberOfMessages' : 'ApproximateNumberOfMessagesDelayed'
  const command = new GetQueueAttributesCommand({ QueueUrl: system.details.queues.deliveries, AttributeNames: [name] })
  return Number((await system.clients.sqs.send(command)).Attributes?.[name])
}

const published = (taskId: string, historyId: string) => {
  const id = changeId({ resourceKind: 'task', resourceId: taskId, historyId, field: 'status', contentHash: null })
  return subscriber.arrivals().filter(({ event }) => event.changeId === id)
}

const states = (out: string): unknown => JSON.parse(out).queues
const all = (state: string) => ['deliveries', 'jobs', 'guard'].map((queue) => ({ queue, state }))

test('what is delivered in a pause waits in the queue, and comes out once when it is over', async () => {
  await untilDrained(system)
  const paused = await hookline('pause', '--yes', '--json', '--reason', 'a test')
  expect(paused).toMatchObject({ status: 0, err: '' })
  expect(states(paused.out)).toEqual(all('Disabled'))
  const tasks = [0, 1, 2].map((place) => aTask(system, place))
  for (const [i, task] of tasks.entries())
    expect(await post(system.details, statusDelivery(task.id, `paused-${i}`))).toMatchObject({ status: 200 })
  expect(await messages('waiting')).toBe(3)
  expect((await hookline('sync')).err).toContain('npx hookline resume')
  expect((await hookline('status')).out).toContain('(a test)')
  expect(await messages('waiting')).toBe(3)

  const resumed = await hookline('resume', '--json')
  expect(resumed).toMatchObject({ status: 0, err: '' })
  expect(states(resumed.out)).toEqual(all('Enabled'))
  for (const [i, task] of tasks.entries()) {
    const what = `the event of delivery ${i}`
    await until(() => published(task.id, `paused-${i}`)[0], { what, deadlineMs: 20_000 })
  }
  await untilDrained(system)
  for (const [i, task] of tasks.entries()) expect(published(task.id, `paused-${i}`)).toHaveLength(1)
})

test('where the queues are polled all the same, the function itself puts off what comes', async () => {
  const { clients, details } = system
  await beginPause(
    { dynamo: clients.dynamo, table: details.tables.state },
    { by: 'ada', reason: null, now: Date.now() },
  )
  const readLog = functionLog(details, details.endpoints.logs)
  const logGroup = `/aws/lambda/hookline-${details.stage}-consumer`
  const task = aTask(system, 3)
  const deliver = async (historyId: string) => {
    expect(await post(details, statusDelivery(task.id, historyId))).toMatchObject({ status: 200 })
  }
  // What was seen of the pause is kept for some seconds, so the first may still be worked off.
  let count = 0
  await until(
    async () => {
      await deliver(`polled-${count++}`)
      const lines = await readLog(logGroup, 'Hookline is paused: messages were put off', 0)
      return (lines ?? []).length > 0 ? true : undefined
    },
    { what: 'the consumer to heed the pause', deadlineMs: 20_000, everyMs: 300 },
  )
  await deliver('polled-last')
  const taken = async () => ((await messages('waiting')) === 0 ? true : undefined)
  await until(taken, { what: 'the delivery to be taken', deadlineMs: 20_000 })
  expect(await messages('deferred')).toBeGreaterThan(0)
  expect(published(task.id, 'polled-last')).toEqual([])
})
