import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import { ENV } from '../../core/platform/env-names.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Metrics } from '../../core/platform/metrics.ts'
import { modelSecretName, tokenSecretName } from '../../core/platform/names.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { systemPlatform } from '../../functions/consumer/platform.ts'
import { run } from '../../functions/standup/run.ts'
import { buildStandup } from '../../functions/standup/services.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { awsClients } from '../../local/start/clients.ts'
import { setUpTelling } from '../standup/deliver/world.ts'
import { startDynamo } from '../support/dynamo.ts'

const CREDENTIALS = { accessKeyId: 'standup', secretAccessKey: 'local' }
const PROMPTS = join(import.meta.dirname, '..', '..', 'prompts')

const sentSchema = z.looseObject({
  Entries: z.array(
    z.looseObject({
      MessageBody: z.string().transform((body): unknown => JSON.parse(body)),
      DelaySeconds: z.number().default(0),
      MessageAttributes: z.record(z.string(), z.looseObject({ StringValue: z.string() })).default({}),
    }),
  ),
})

/** The AWS parts that every world of a file shares. */
export async function startParts() {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: CREDENTIALS.accessKeyId, name: 'standup', statements: 'all' })
  const embedded = await startDynamo()
  const clients = awsClients({ endpoint: gateway.url, region: gateway.region, credentials: CREDENTIALS })
  return {
    ...{ gateway, embedded, clients },
    async close() {
      clients.destroy()
      await embedded.close()
      await gateway.close()
    },
  }
}
export type Parts = Awaited<ReturnType<typeof startParts>>

let worlds = 0

/**
 * The function on queues, secrets and a bus of its own, in a workspace in which something has happened (`setUpTelling`).
 *
 * @param given.to a summary for each, with what is different about where it goes; by default one
 */
export async function setUpFunction(
  { gateway, embedded, clients }: Parts,
  given: {
    to?: readonly object[]
    recipes?: readonly object[]
    model?: object
    modelUrl?: string
    settleMs?: number
  } = {},
) {
  worlds += 1
  const stage = `stage${worlds}`
  const its = await setUpTelling(embedded)
  const state = { dynamo: embedded.dynamo, table: its.tables.state }
  await saveConnection(state, 'main', its.record)
  const text = JSON.stringify({ v: 1, token: its.fake.tokens.service })
  await gateway.createSecret({ name: tokenSecretName(stage, 'main'), value: text })
  await gateway.createSecret({ name: modelSecretName(stage), value: JSON.stringify({ v: 1, key: 'a key' }) })
  const { url } = await gateway.createQueue({ name: `standup-${stage}`, attributes: {} })
  gateway.createBus(`hookline-${stage}`)

  const directory = mkdtempSync(join(tmpdir(), 'hookline-standup-'))
  const places = given.to ?? [{}]
  const names = places.map((_, i) => (i === 0 ? 'platform' : `platform-${i + 1}`))
  const summaries = names.map((name, i) => {
    const summary = its.summary(name)
    return { ...summary, to: Object.keys(places[i] ?? {}).length === 0 ? summary.to : places[i] }
  })
  const settings = its.settings(summaries, given.recipes)
  writeFileSync(join(directory, 'standup.json'), JSON.stringify({ ...settings, model: given.model ?? null }))
  cpSync(PROMPTS, join(directory, 'prompts'), { recursive: true })

  const lines: { level: keyof Log; message: string; fields: Readonly<Record<string, unknown>> }[] = []
  const at =
    (level: keyof Log) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void lines.push({ level, message, fields })
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error') }
  const counts = new Map<string, number>()
  const metrics: Metrics = {
    count: (name, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
    milliseconds: () => undefined,
    percent: () => undefined,
    flush: () => undefined,
  }
  const standup = buildStandup(
    directory,
    {
      [ENV.stage]: stage,
      [ENV.connections]: JSON.stringify([{ name: 'main', filter: {}, storeComments: false, storeEmails: false }]),
      [ENV.ledgerTable]: its.tables.ledger,
      [ENV.tasksTable]: its.tables.tasks,
      [ENV.stateTable]: its.tables.state,
      [ENV.standupQueueUrl]: url,
      [ENV.busName]: `hookline-${stage}`,
      [ENV.clickupApiUrl]: 'http://clickup.test/api',
      [ENV.standupSettleMs]: String(given.settleMs ?? 0),
      ...(given.modelUrl === undefined ? {} : { [ENV.modelUrl]: given.modelUrl }),
      AWS_REGION: gateway.region,
    },
    {
      ...systemPlatform('standup', stage),
      ...{ clock: its.clock, log, metrics, dynamo: embedded.dynamo, fetch: its.fetched },
      ...{ sqs: clients.sqs, secrets: clients.secrets, events: clients.events },
      sleep: async () => undefined,
    },
  )

  /** Whatever is put on this queue. */
  const sent: { job: unknown; delay: number; attributes: Record<string, number> }[] = []
  const stop = gateway.intercept(({ action, body }) => {
    const isOurs = action === 'sqs:SendMessage' && z.looseObject({ QueueUrl: z.literal(url) }).safeParse(body).success
    if (!isOurs) return
    for (const { MessageBody, DelaySeconds, MessageAttributes } of sentSchema.parse(body).Entries) {
      const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, Number(value.StringValue)])
      sent.push({ job: MessageBody, delay: DelaySeconds, attributes: Object.fromEntries(attributes) })
    }
  })

  return {
    ...{ ...its, state, standup, sent, lines, counts, directory, names },
    /** So many calls of the window that are begun or spoken for, by others. */
    async spend(lane: Lane, calls: number) {
      const quiet = { random: () => 0, sleep: async () => undefined, log }
      const gate = createClickUpGate({ state, connection: 'main', clock: its.clock, ...quiet })
      const passage = await gate.reserve(lane, calls, 'v1')
      if (passage.kind !== 'free') throw new Error(`The budget was ${passage.why} before`)
    },
    summaryJob: (name = 'platform') => ({ job: 'summary', name, at: new Date(its.due).toISOString() }),
    /** Hands the function a batch, as Lambda does; each message was sent now unless its attributes say otherwise. */
    handle: (...bodies: unknown[]) =>
      run({ Records: bodies.map((body, i) => recordOf(body, i, its.clock.time)) }, standup, 180_000),
    [Symbol.dispose]() {
      stop()
      rmSync(directory, { recursive: true })
    },
  }
}

/** A message as Lambda hands it over. @param attributes times that the message carries */
export const message = (body: unknown, attributes: Record<string, number>) => ({
  body,
  attributes,
  isMessage: true as const,
})

const messageSchema = z.object({
  isMessage: z.literal(true),
  body: z.unknown(),
  attributes: z.record(z.string(), z.number()),
})

function recordOf(given: unknown, index: number, now: number) {
  const parsed = messageSchema.safeParse(given)
  const { body, attributes } = parsed.success ? parsed.data : { body: given, attributes: {} }
  const told = Object.entries(attributes).map(([name, value]) => [
    name,
    { stringValue: String(value), dataType: 'Number' },
  ])
  return {
    ...{ messageId: `m${index}`, body: typeof body === 'string' ? body : JSON.stringify(body) },
    attributes: { SentTimestamp: String(now) },
    messageAttributes: Object.fromEntries(told),
  }
}
