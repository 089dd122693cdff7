import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { PK } from '../../core/platform/tables.ts'
import type { AwsCall } from '../aws/gateway.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../check/settings.ts'
import { type FakeClickUp, startFakeClickUp } from '../clickup/server.ts'
import { inApp } from '../clickup/world/mutation.ts'
import { type Connected, connect } from '../connect.ts'
import { type ModelServer, startModelServer } from '../model/server.ts'
import type { RunningFunction } from '../stack/wiring/functions.ts'
import { type LocalSystem, startLocal } from '../start/system.ts'
import { openBedrockDoor } from './bedrock-door.ts'
import { FIELD, type Places, writeConfig } from './config.ts'
import { createQueues, failuresIn, type Queues } from './queues.ts'
import { createRotations } from './secrets-manager.ts'
import { should, TurnFailed } from './turn.ts'
import { createWatch, type Watch } from './watch.ts'

/** Queues by the function that works them off. */
const QUEUES = { consumer: 'deliveries', sync: 'jobs', guard: 'guard', standup: 'standup' } as const
type Worker = keyof typeof QUEUES
const EVERYBODY: readonly Worker[] = ['sync', 'consumer', 'guard', 'standup']

/** How far time is pressed together: see `SYNC_SETTINGS`. */
export const LATE_MS = 200
const SYNC = { lateMs: LATE_MS, settleEveryMs: 50, explainForMs: 0 }
const SIGNING_CACHE = { lifeMs: 500, refreshEveryMs: 500, lingerMs: 500 }
const OVERLAP_MS = 200

/** Of one call of DynamoDB. */
const MOST_WRITES = 25

type Item = Record<string, unknown>

/** By default everybody, and for twenty seconds. */
type Patience = { workers?: readonly Worker[]; deadlineMs?: number }

/** The whole template, running, with nobody who polls its queues: a turn hands the messages over itself, and sees each answer. */
export type Stage = {
  system: LocalSystem
  clickup: FakeClickUp
  model: ModelServer
  watch: Watch
  queues: Queues
  places: Places
  /** The connection as it is now: it is made anew where a turn has upset it. */
  connected(): Connected
  functionOf(name: string): RunningFunction
  urlOf(worker: Worker | 'quarantine'): string
  /** A task of the workspace that no turn had before. */
  nextTask(): string
  /** Invokes a function. @throws TurnFailed when it throws, and when it says that it could not do something */
  invoke(name: string, payload: unknown): Promise<unknown>
  /** Posts a delivery, signed as ClickUp signs it, and answers with the status. */
  post(body: string): Promise<number>
  /** Hands what can be received now to the function that works it off, until there is nothing; how many messages it was. */
  work(worker: Worker): Promise<number>
  /** The same with every queue in turn, until something has come about. @throws TurnFailed at the deadline */
  workUntil(isSo: () => Promise<boolean> | boolean, what: string, how?: Patience): Promise<void>
  rotate(secret: 'signing' | 'token'): Promise<void>
  /** Stops and starts a function's processes. */
  beginAnew(name: string): void
  /** As it was before the first turn, as far as that can matter to the next one. */
  restore(what: 'state' | 'connection'): Promise<void>
  close(): Promise<void>
}

export async function startStage(seed: number, onStep: (step: string) => void): Promise<Stage> {
  const closers: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return await start(seed, onStep, closers, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  seed: number,
  onStep: (step: string) => void,
  closers: (() => Promise<unknown> | unknown)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-rights-'))
  closers.push(() => rmSync(directory, { recursive: true, force: true }))
  const model = await startModelServer({ seed })
  closers.push(model.close)
  const door = await openBedrockDoor(model.url)
  closers.push(door.close)
  const clickup = await startFakeClickUp({ seed, plan: 'Enterprise', mostInAList: 5 })
  closers.push(clickup.close)
  const places = placesIn(clickup)
  const watch = createWatch()
  const system = await startLocal({
    ...{ seed, configPath: writeConfig(directory, places), maxProcesses: 1 },
    clickup: { url: clickup.url, token: clickup.tokens.service },
    outside: {
      [ENV.clickupStatusUrl]: clickup.statusUrl,
      [ENV.modelUrl]: door.url,
      [ENV.standupSettleMs]: '0',
      [ENV.syncSettings]: JSON.stringify({ ...SYNC_SETTINGS, ...SYNC }),
      [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
      [ENV.signingCache]: JSON.stringify(SIGNING_CACHE),
      [ENV.rotationSettings]: JSON.stringify({ overlapMs: OVERLAP_MS }),
    },
    onLog: watch.onLog,
    onStep,
  })
  closers.push(system.close)
  const { gateway, stack, clients, details, configured } = system
  door.guardedBy(gateway)
  watch.listenTo(gateway)
  await stack.pausePollers()
  gateway.intercept(withoutDelay([details.queues.jobs, details.queues.guard]))
  const queues = createQueues(system)
  const rotate = createRotations(system)
  const connection = configured.connection.name
  let connected = system.connected
  let kept: Item[] = []

  const functionOf = (name: string) => {
    const found = stack.functions.find((each) => each.name === `hookline-${details.stage}-${name}`)
    if (found === undefined) throw new Error(`The template has no function ${name}`)
    return found
  }
  const urlOf: Stage['urlOf'] = (worker) => {
    const url = details.queues[worker === 'quarantine' ? 'quarantine' : QUEUES[worker]]
    if (url === undefined) throw new Error(`The template has no queue of the ${worker}`)
    return url
  }

  async function items(): Promise<Item[]> {
    const { Items = [] } = await clients.dynamo.send(
      new ScanCommand({ TableName: details.tables.state, ConsistentRead: true }),
    )
    return Items
  }

  async function invoke(name: string, payload: unknown): Promise<unknown> {
    const outcome = await functionOf(name).invoke(payload)
    if (outcome.kind === 'returned') return outcome.payload
    const why = outcome.kind === 'failed' ? outcome.error.errorMessage : 'it was throttled'
    throw new TurnFailed(`the invocation of ${name} failed: ${why}`)
  }

  /** One batch. */
  async function hand(worker: Worker): Promise<number> {
    const url = urlOf(worker)
    const records = await queues.take(url, worker === 'consumer' ? 10 : 1)
    if (records.length === 0) return 0
    const failed = failuresIn(await invoke(worker, { Records: records }))
    for (const record of records) if (!failed.includes(record.messageId)) await queues.remove(url, record)
    should(failed.length === 0, `${worker} could not work off ${failed.length} of ${records.length} messages`)
    return records.length
  }

  async function work(worker: Worker): Promise<number> {
    for (let handled = 0; ; ) {
      const more = await hand(worker)
      if (more === 0) return handled
      handled += more
    }
  }

  const stage: Stage = {
    ...{ system, clickup, model, watch, queues, places, functionOf, urlOf, invoke, work, close },
    connected: () => connected,
    nextTask: taskSource(clickup, places),
    async post(body) {
      const signature = createHmac('sha256', connected.signingSecret).update(body).digest('hex')
      const headers = { 'content-type': 'application/json', 'x-signature': signature }
      const response = await fetch(connected.webhookUrl, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
    async workUntil(isSo, what, { workers = EVERYBODY, deadlineMs = 20_000 } = {}) {
      const deadline = performance.now() + deadlineMs
      for (;;) {
        const before = watch.errors().length
        let handled = 0
        for (const worker of workers) handled += await hand(worker)
        if (await isSo()) return
        should(watch.errors().length === before, `the log says: ${watch.errors().at(-1)?.message}`)
        should(performance.now() < deadline, `${what} did not come about`)
        if (handled === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    rotate: (secret) => rotate((secret === 'signing' ? signingSecretName : tokenSecretName)(details.stage, connection)),
    beginAnew(name) {
      const its = functionOf(name)
      for (const { pid } of its.processes()) its.recycle(pid)
      its.warm()
    },
    async restore(what) {
      for (const worker of ['consumer', 'sync', 'guard', 'standup', 'quarantine'] as const)
        await queues.purge(urlOf(worker))
      Object.assign(clickup.faults, { outage: null, allowSecondWebhook: 'otherEndpoint' })
      const standing = await items()
      const TableName = details.tables.state
      const gone = standing.filter((item) => !kept.some((each) => each[PK] === item[PK]))
      const requests = [
        ...gone.map((item) => ({ DeleteRequest: { Key: { [PK]: item[PK] } } })),
        ...kept.map((Item) => ({ PutRequest: { Item } })),
      ]
      for (let at = 0; at < requests.length; at += MOST_WRITES)
        await clients.dynamo.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests.slice(at, at + 25) } }))
      if (what === 'connection') await reconnect()
    },
  }

  async function reconnect(): Promise<void> {
    for (const webhook of [...clickup.webhooks.all()]) clickup.webhooks.remove(webhook)
    connected = await connect({
      ...{ stage: details.stage, connection, apiUrl: stack.apiUrl },
      clickup: { url: clickup.url, token: clickup.tokens.service },
      secrets: clients.secrets,
      state: { dynamo: clients.dynamo, table: details.tables.state },
    })
    kept = await items()
  }

  onStep('Reading all there is')
  await queues.send(urlOf('sync'), JSON.stringify({ job: 'backfill', connection, days: null, reason: 'asked' }))
  const isOver = async () =>
    (await items()).some((item) => String(item[PK]).endsWith('backfill') && item['endedAt'] != null)
  await stage.workUntil(isOver, 'the end of the backfill', { deadlineMs: 120_000 })
  kept = await items()
  return stage
}

/** What jobs send on is looked at again at once: SQS delays by whole seconds, and here nobody has so many of them. */
function withoutDelay(urls: readonly (string | undefined)[]) {
  return ({ action, body }: Pick<AwsCall, 'action' | 'body'>) => {
    const sent = sentSchema.safeParse(body)
    if (action !== 'sqs:SendMessage' || !sent.success || !urls.includes(sent.data.QueueUrl)) return undefined
    return { ...sent.data, DelaySeconds: 0 }
  }
}
const sentSchema = z.looseObject({ QueueUrl: z.string(), DelaySeconds: z.number() })

function placesIn({ world }: FakeClickUp): Places {
  const task = world.tasks().find(({ archived, parentId }) => !archived && parentId === null)
  const person = world.users().find(({ bot }) => !bot)
  if (task === undefined || person === undefined) throw new Error('The demo workspace is empty')
  const { listId } = task
  world.createField(inApp(person.id), { name: FIELD, type: 'text', place: { kind: 'list', id: listId } })
  const list = world.store.lists.get(listId)
  const folder = world.store.folders.get(list?.folderId ?? '')
  const space = world.store.spaces.get(folder?.spaceId ?? '')
  if (space === undefined) throw new Error('The first list is in no folder')
  const statuses = list?.statuses ?? folder?.statuses ?? space.statuses
  const other = statuses.find(({ id, type }) => id !== task.status.id && type === 'custom')
  if (other === undefined) throw new Error('The first list has one status only')
  return { taskId: task.id, listId, spaceId: space.id, status: other.status }
}

/** Another task each time: a turn must not find what the one before it has left. Nobody is told of it but by the turn. */
function taskSource({ world, webhooks, faults }: FakeClickUp, { listId }: Places): () => string {
  const person = world.users().find(({ bot }) => !bot)
  let made = 0
  return () => {
    if (person === undefined) throw new Error('The demo workspace is empty')
    made += 1
    const { silentWebhooks } = faults
    faults.silentWebhooks = [...webhooks.all()].map(({ id }) => id)
    const { id } = world.createTask(inApp(person.id), { name: `Turn ${made}`, listId })
    faults.silentWebhooks = silentWebhooks
    return id
  }
}
