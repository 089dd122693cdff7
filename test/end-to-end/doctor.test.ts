import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import type { CheckName } from '../../core/doctor/finding.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { saveReport } from '../../core/rotation/report.ts'
import { isOver } from '../../core/standup/deliver/record.ts'
import { loadOccasion } from '../../core/standup/deliver/store.ts'
import { readStatus } from '../../core/status/status.ts'
import { AwsError } from '../../local/aws/gateway.ts'
import { LOCAL_FILE } from '../../local/local-file.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'

// The operator's own command on the synthesized template: what it asks AWS and ClickUp it asks over the wire.
let directory: string
let system: LocalSystem

/** A zone in which it is about noon, so that what was due at midnight is of this day, and long enough ago to be missed. */
const hoursFromNoon = new Date().getUTCHours() - 12
const ZONE = `Etc/GMT${hoursFromNoon < 0 ? '' : '+'}${hoursFromNoon}`

const CONFIG = `
import { defineConfig } from '${join(import.meta.dirname, '../../infra/config.ts')}'
export default defineConfig({
  alarms: { page: ['page@example.com'], warn: ['warn@example.com'], note: ['note@example.com'] },
  standup: {
    summaries: [
      {
        name: 'daily',
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        at: '00:00',
        timeZone: '${ZONE}',
        to: { event: true },
      },
    ],
  },
})
`

const lineSchema = z.object({
  passed: z.boolean(),
  gate: z.boolean(),
  findings: z.array(
    z.looseObject({
      check: z.string(),
      connection: z.string().nullable(),
      level: z.enum(['pass', 'warn', 'fail', 'skip']),
      text: z.string(),
      advice: z.string().nullable(),
    }),
  ),
})

/** The command. */
async function doctor(...args: string[]) {
  let out = ''
  const status = await main(['doctor', '--json', ...args], {
    write: (text) => {
      out += text
    },
    note: (line) => {
      throw new Error(line)
    },
    ...{ columns: undefined, colours: false, now: () => Date.now(), cwd: directory },
    sleep: (ms) => new Promise((done) => setTimeout(done, Math.min(ms, 100))),
  })
  return { status, ...lineSchema.parse(JSON.parse(out)) }
}

const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' }).format(Date.now())
const SUMMARY = { kind: 'summary', connection: 'main', name: 'daily', prompt: 'standup/v1', on: DAY } as const

const stateKey = (thing: string) => ({ TableName: system.details.tables.state, Key: { pk: `main#${thing}` } })
const state = () => ({ dynamo: system.clients.dynamo, table: system.details.tables.state })

/** Does now what the schedules would do in the next hour, and waits until it has been done. */
async function passAnHour(): Promise<void> {
  const schedules = system.stack.schedules.filter(({ name }) => !name.startsWith('hookline/'))
  for (const schedule of schedules.filter(({ name }) => name !== SUMMARY.name)) await schedule.fire()
  const { clients, details } = system
  await until(
    async () => {
      const connections = [details.connection]
      const status = await readStatus({ ...clients, ...details, connections, clock: { now: Date.now } })
      const [{ webhooks, sweep } = {}] = status.connections
      const isDone = (sweep?.watermark ?? 0) > 0 && webhooks?.report?.verdict === 'well'
      return isDone && status.pulse !== null ? true : undefined
    },
    { what: 'guard, sweep and pulse to have been there', deadlineMs: 50_000, everyMs: 200 },
  )
  await schedules.find(({ name }) => name === SUMMARY.name)?.fire()
  const isTold = async () => {
    const record = await loadOccasion(state(), SUMMARY)
    return record !== null && isOver(record) ? true : undefined
  }
  await until(isTold, { what: 'the summary to have been told', deadlineMs: 20_000, everyMs: 200 })
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-doctor-'))
  const file = join(directory, LOCAL_FILE)
  mkdirSync(dirname(file), { recursive: true })
  const configPath = join(directory, 'hookline.config.ts')
  writeFileSync(configPath, CONFIG)
  // The command asks the same config what there ought to be.
  vi.stubEnv('HOOKLINE_CONFIG', configPath)
  const outside = { [ENV.standupSettleMs]: '0' }
  system = await startLocal({ seed: 11, file, configPath, plan: 'Enterprise', outside })
  for (const { subscriptions } of system.gateway.sns.topics())
    for (const each of subscriptions) each.state = 'confirmed'
  await passAnHour()
}, 120_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

test('a stage with which nothing is wrong passes, also at the gate, and nothing of the test delivery is left', async () => {
  const { status, passed, findings } = await doctor('--gate')
  expect(findings.filter(({ level }) => level !== 'pass')).toEqual([])
  expect([status, passed]).toEqual([0, true])
  const { Items = [] } = await system.clients.dynamo.send(
    new (await import('@aws-sdk/lib-dynamodb')).ScanCommand({ TableName: system.details.tables.ledger }),
  )
  expect(Items.filter(({ pk }) => String(pk).includes('canary'))).toEqual([])
})

type Undo = () => unknown
type Fault = { inject: () => Promise<Undo> | Undo; check: CheckName; advice: RegExp }

const fake = () => {
  if (system.clickup === null) throw new Error('there is no fake ClickUp')
  return system.clickup
}
const faults = (over: Parameters<typeof Object.assign>[1]) => {
  const before = { ...fake().faults }
  Object.assign(fake().faults, over)
  return () => Object.assign(fake().faults, before)
}
const secretText = async (name: string) => {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
  return (await system.clients.secrets.send(new GetSecretValueCommand({ SecretId: name }))).SecretString ?? ''
}

/** Sets one attribute of an item and puts back what was there. */
async function withState(thing: string, path: readonly string[], value: unknown): Promise<Undo> {
  const names = Object.fromEntries(path.map((name, i) => [`#${i}`, name]))
  const expression = path.map((_, i) => `#${i}`).join('.')
  const update = async (to: unknown) =>
    system.clients.dynamo.send(
      new UpdateCommand({
        ...stateKey(thing),
        UpdateExpression: to === undefined ? `REMOVE ${expression}` : `SET ${expression} = :to`,
        ExpressionAttributeNames: names,
        ...(to === undefined ? {} : { ExpressionAttributeValues: { ':to': to } }),
        ReturnValues: 'UPDATED_OLD',
      }),
    )
  const { Attributes } = await update(value)
  const before = path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
    Attributes,
  )
  return () => update(before)
}

const HOUR = 3_600_000

const FAULTS: Record<string, Fault> = {
  'a token that ClickUp refuses': {
    inject() {
      const undo = faults({ deadToken: true })
      // What the functions share of it outlives it by a minute.
      const forget = { UpdateExpression: 'REMOVE refusal' }
      return async () => {
        undo()
        await system.clients.dynamo.send(new UpdateCommand({ ...stateKey('upstream'), ...forget }))
      }
    },
    check: 'token',
    advice: /rotate token/,
  },
  'a token that another stage uses': {
    async inject() {
      const value = await secretText('hookline/prod/main/token')
      const name = `hookline/staging/main/token`
      await system.gateway.createSecret({ name, value })
      const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager')
      return () =>
        system.clients.secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }))
    },
    check: 'sharing',
    advice: /service account of its own/,
  },
  'a user who is a guest': {
    inject() {
      const user = fake().world.store.users.get(Number(system.connected.user.id))
      if (user === undefined) throw new Error('the user is not there')
      const before = user.role
      Object.assign(user, { role: 4 })
      return () => Object.assign(user, { role: before })
    },
    check: 'account',
    advice: /admin/,
  },
  'a workspace that the token does not see any more': {
    inject: () => faults({ workspaces: 'none' }),
    check: 'workspace',
    advice: /Invite/,
  },
  'a space that was chosen and is out of sight': {
    inject: () => withState('connection', ['selection'], { spaces: ['000'] }),
    check: 'spaces',
    advice: /hookline connect/,
  },
  'a webhook that is suspended': {
    inject() {
      const webhook = fake().webhooks.get(system.connected.webhookId)
      if (webhook === undefined) throw new Error('the webhook is not there')
      const before = webhook.status
      Object.assign(webhook, { status: 'suspended' })
      return () => Object.assign(webhook, { status: before })
    },
    check: 'webhooks',
    advice: /hookline connect again/,
  },
  'a queue that refuses deliveries': {
    inject: () =>
      system.gateway.intercept(({ action, caller }) => {
        if (action === 'sqs:SendMessage' && caller?.endsWith('verifier') === true)
          throw new AwsError('AccessDenied', 'refused for a test', 403)
      }),
    check: 'testDelivery',
    advice: /UnansweredDeliveries/,
  },
  'a message in quarantine': {
    async inject() {
      const QueueUrl = system.details.queues.quarantine
      await system.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'left over' }))
      return () => system.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }))
    },
    check: 'quarantine',
    advice: /quarantine list/,
  },
  'a guard that does not come': {
    inject: () =>
      withState('webhooks', ['report', 'at'], Date.now() - HOUR).then(async (undo) => {
        const connected = await withState('connection', ['connectedAt'], Date.now() - 24 * HOUR)
        return async () => {
          await undo()
          await connected()
        }
      }),
    check: 'schedules',
    advice: /rules are enabled/,
  },
  'a rotation that has failed': {
    async inject() {
      const report = { run: 'r', startedAt: 1, at: Date.now(), phase: 'failed', detail: 'It was refused.' } as const
      await saveReport(state(), 'main', 'signing', { ...report, waitsUntil: null, doneAt: null })
      const { DeleteCommand } = await import('@aws-sdk/lib-dynamodb')
      return () => system.clients.dynamo.send(new DeleteCommand(stateKey('rotation-signing')))
    },
    check: 'rotation',
    advice: /rotate signing/,
  },
  'a summary that did not go where it should': {
    inject: () =>
      withState(`told#summary#daily#${DAY}#standup/v1`, ['outputs', 'event'], {
        ...{ stage: 'failed', at: Date.now(), reason: 'The bus refuses it.' },
      }),
    check: 'summaries',
    advice: /Mend that/,
  },
  'an alarm that would tell nobody': {
    inject() {
      const [first] = system.gateway.cloudwatch.alarms()
      if (first === undefined) throw new Error('there is no alarm')
      const before = first.alarm.actionsEnabled
      Object.assign(first.alarm, { actionsEnabled: false })
      return () => Object.assign(first.alarm, { actionsEnabled: before })
    },
    check: 'alarms',
    advice: /enable-alarm-actions/,
  },
  'a subscription that nobody has confirmed': {
    inject() {
      const [subscription] = system.gateway.sns.topics()[0]?.subscriptions ?? []
      if (subscription === undefined) throw new Error('there is no subscription')
      subscription.state = 'pending'
      return () => {
        subscription.state = 'confirmed'
      }
    },
    check: 'subscriptions',
    advice: /Open the mail/,
  },
}

test.each(Object.entries(FAULTS))('%s fails that check and no other', async (_, { inject, check, advice }) => {
  const undo = await inject()
  try {
    const { status, passed, findings } = await doctor()
    const failed = findings.filter(({ level }) => level === 'fail')
    expect(
      failed.map((finding) => finding.check),
      JSON.stringify(failed),
    ).toEqual([check])
    expect(failed[0]?.advice).toMatch(advice)
    expect([status, passed]).toEqual([1, false])
  } finally {
    await undo()
  }
})
