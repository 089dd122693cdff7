import { createHmac } from 'node:crypto'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { PK } from '../../core/platform/tables.ts'
import { type Connected, connect } from '../connect.ts'
import type { RunningFunction } from '../stack/wiring/functions.ts'
import { type Closers, type Parts, startParts } from './parts.ts'
import { createQueues, type Queues } from './queues.ts'
import { createRotations } from './secrets-manager.ts'
import { createStateTable } from './state-table.ts'
import { createWorkers, type Workers } from './workers.ts'
import { taskSource } from './workspace.ts'

/** The whole template, running, with nobody who polls its queues: a turn hands the messages over itself, and sees each answer. */
export type Stage = Parts &
  Workers & {
    queues: Queues
    /** The connection as it is now: it is made anew where a turn has upset it. */
    connected(): Connected
    functionOf(name: string): RunningFunction
    /** A task of the workspace that no turn had before. */
    nextTask(): string
    /** Posts a delivery, signed as ClickUp signs it, and answers with the status. */
    post(body: string): Promise<number>
    rotate(secret: 'signing' | 'token'): Promise<void>
    /** Stops and starts a function's processes. */
    beginAnew(name: string): void
    /** As it was before the first turn, as far as that can matter to the next one. */
    restore(what: 'state' | 'connection'): Promise<void>
    close(): Promise<void>
  }

/** Starts a stage that has read all there is. @throws StackError, ConnectError, TurnFailed, GaveUp */
export async function startStage(seed: number, onStep: (step: string) => void): Promise<Stage> {
  const closers: Closers = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const parts = await startParts(seed, onStep, closers)
    onStep('Reading all there is')
    return { ...(await open(parts)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(parts: Parts): Promise<Omit<Stage, 'close'>> {
  const { system, clickup, watch, places } = parts
  const { stack, clients, details, configured } = system
  const connection = configured.connection.name
  const functionOf = (name: string) => {
    const found = stack.functions.find((each) => each.name === `hookline-${details.stage}-${name}`)
    if (found === undefined) throw new Error(`The template has no function ${name}`)
    return found
  }
  const queues = createQueues(system)
  const workers = createWorkers({ queues, watch, functionOf, urls: details.queues })
  const state = createStateTable(clients.dynamo, details.tables.state)
  const rotate = createRotations(system)
  let connected = system.connected

  async function reconnect(): Promise<void> {
    for (const webhook of [...clickup.webhooks.all()]) clickup.webhooks.remove(webhook)
    connected = await connect({
      ...{ stage: details.stage, connection, apiUrl: stack.apiUrl },
      clickup: { url: clickup.url, token: clickup.tokens.service },
      secrets: clients.secrets,
      state: { dynamo: clients.dynamo, table: details.tables.state },
    })
    await state.keep()
  }

  await queues.send(workers.urlOf('sync'), JSON.stringify({ job: 'backfill', connection, days: null, reason: 'asked' }))
  const isOver = async () =>
    (await state.items()).some((item) => String(item[PK]).endsWith('backfill') && item['endedAt'] != null)
  await workers.workUntil(isOver, 'the end of the backfill', { deadlineMs: 120_000 })
  await state.keep()

  return {
    ...parts,
    ...workers,
    ...{ queues, functionOf },
    connected: () => connected,
    nextTask: taskSource(clickup, places),
    async post(body) {
      const signature = createHmac('sha256', connected.signingSecret).update(body).digest('hex')
      const headers = { 'content-type': 'application/json', 'x-signature': signature }
      const response = await fetch(connected.webhookUrl, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
    rotate: (secret) => rotate((secret === 'signing' ? signingSecretName : tokenSecretName)(details.stage, connection)),
    beginAnew(name) {
      const its = functionOf(name)
      for (const { pid } of its.processes()) its.recycle(pid)
      its.warm()
    },
    async restore(what) {
      for (const worker of ['consumer', 'sync', 'guard', 'standup', 'quarantine'] as const)
        await queues.purge(workers.urlOf(worker))
      Object.assign(clickup.faults, { outage: null, allowSecondWebhook: 'otherEndpoint' })
      await state.putBack()
      if (what === 'connection') await reconnect()
    },
  }
}
