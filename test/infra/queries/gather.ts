import type { Scenario } from '../../../bench/storms/scenario.ts'
import { simulate } from '../../../bench/storms/simulate.ts'
import { logDecision } from '../../../core/ingest/decision.ts'
import type { Log } from '../../../core/platform/log.ts'
import { takePulse } from '../../../core/pulse/pulse.ts'
import { reportSettingsSchema } from '../../../core/report/settings.ts'
import { createCalendar } from '../../../core/report/working-time.ts'
import { holdBack } from '../../../functions/consumer/hold-back.ts'
import { putOffJob } from '../../../functions/shared/job-records.ts'
import { takeRotationStep } from '../../../functions/shared/rotation-step.ts'
import { ACCESS_LOG } from '../../../infra/constructs/webhook-api.ts'
import { createEditor } from '../../../local/virtual/edits.ts'
import { startStage } from '../../functions/rotate-support.ts'
import { consumer } from '../../support/consumer.ts'
import { delivery, taskItem } from '../../support/deliveries.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { taskAnswer, upstream } from '../../support/upstream.ts'
import { tell } from './gather-standup.ts'
import { type Event, eventOf } from './insights/run.ts'

/** A line as a function has written it, and whose log it is in. */
export type Gathered = { log: string; event: Event }

const T = 1_789_000_000_000
const MINUTE = 60_000
/** As API Gateway makes them. */
export const DELIVERY_ID = 'JKJaXmPLvHcESHA='
export const TASK_ID = '86c2k4x7q'

/** Runs each function where it has something to say, and gathers what its code logs. */
export async function gather(): Promise<Gathered[]> {
  const gathered: Gathered[] = []
  const add = (log: string, line: Record<string, unknown>) =>
    void gathered.push({ log, event: eventOf(line, { at: T + gathered.length * 1000, log }) })
  const recorder = (log: string): Log => ({
    info: (message, fields = {}) => add(log, { level: 'INFO', message, service: log, ...plain(fields) }),
    warn: (message, fields = {}) => add(log, { level: 'WARN', message, service: log, ...plain(fields) }),
    error: (message, fields = {}) => add(log, { level: 'ERROR', message, service: log, ...plain(fields) }),
  })
  decide(recorder('verifier'))
  await storm(recorder)
  await work(recorder('consumer'))
  await rotate(recorder)
  await watch(recorder)
  await tell(recorder('standup'))
  for (const line of OF_LAMBDA) add('consumer', line)
  for (const status of ['200', '403', '503']) add('api', request(status))
  return gathered
}

/** An error as the logger writes it. */
const plain = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message } : value,
    ]),
  )

/** Every decision of a verifier. */
function decide(log: Log): void {
  const seen = { connection: 'main', slot: 'a', deliveryId: DELIVERY_ID, bytes: 900, ms: 12 }
  logDecision({ kind: 'accepted', event: 'taskUpdated', encoding: 'text' }, seen, log)
  logDecision({ kind: 'filtered', event: 'taskCommentPosted', resource: `task/${TASK_ID}` }, seen, log)
  logDecision({ kind: 'refused', reason: 'signature' }, seen, log)
  logDecision({ kind: 'unavailable', reason: 'queue', error: new Error('no queue') }, seen, log)
}

/**
 * Some changes, of which an outage of ClickUp catches most, so long that some are published without their task; a token that is
 * refused; a sweep that fails once, one that finds what was never delivered, and a census.
 */
async function storm(recorder: (log: string) => Log): Promise<void> {
  const scenario: Scenario = {
    ...{ name: 'queries', title: '', longestMs: 2 * 60 * MINUTE },
    clickup: { tasks: 20, faults: { lostChanges: 0.2 } },
    play({ time, clickup, random, startedAt, sync }) {
      const editor = createEditor(clickup.world, random)
      const edit = () => editor.edit(random.pick(clickup.taskIds))
      for (let change = 0; change < 20; change++) time.schedule(startedAt + change * 1000, edit)
      clickup.faults.outage = { from: startedAt + 8_000, until: startedAt + 16 * MINUTE, answer: 503 }
      for (const at of [20, 35])
        time.schedule(startedAt + at * MINUTE, () => sync.send({ job: 'sweep', reason: 'schedule' }))
      time.schedule(startedAt + 40 * MINUTE, () => sync.send({ job: 'census', reason: 'schedule' }))
      time.schedule(startedAt + 50 * MINUTE, () => {
        clickup.faults.deadToken = true
        edit()
      })
      return { isOver: () => time.now() > startedAt + 55 * MINUTE, bounds: () => [] }
    },
  }
  const logs = { verifier: recorder('verifier'), consumer: recorder('consumer'), sync: recorder('sync') }
  let sweeps = 0
  await simulate(scenario, {
    seed: 1,
    variation: {
      syncServices(services) {
        sweeps += 1
        if (sweeps === 1) throw new Error('no table')
        return services
      },
    },
    onLine: ({ level, message, fields }) => {
      const whose = message === 'delivery' ? 'verifier' : /[Ss]weep|census|run|job/.test(message) ? 'sync' : 'consumer'
      logs[whose][level](message, fields)
    },
  })
}

/** A message that goes through, one that is set aside, and one that fails. */
async function work(log: Log): Promise<void> {
  const embedded = await startDynamo()
  try {
    const answers = new Map([[`/task/${TASK_ID}`, taskAnswer(TASK_ID, { date_updated: String(T) })]])
    const own = consumer({
      ...{ dynamo: embedded.dynamo, tables: await embedded.tables(), fetch: upstream(answers).fetch, now: T + 10_000 },
    })
    const message = {
      ...own.message(delivery('taskStatusUpdated', { task_id: TASK_ID }, [taskItem.status('1', T)])),
      deliveryId: DELIVERY_ID,
    }
    await own.process([message], { log })
    await own.process([message], { log })
    await own.process([own.message('no JSON')], { log })
    const other = own.message(delivery('taskStatusUpdated', { task_id: TASK_ID }, [taskItem.status('2', T + 1)]))
    const publish = async () => {
      throw new Error('no bus')
    }
    await own.process([other], { log, publish })
    const quarantine = async () => {
      throw new Error('no quarantine')
    }
    await own.process([own.message('no JSON either')], { log, quarantine })
  } finally {
    await embedded.close()
  }
}

/** A webhook that the guard makes and mends, a rotation that succeeds, and one that fails for good. */
async function rotate(recorder: (log: string) => Log): Promise<void> {
  const stage = await startStage()
  try {
    stage.clickup.faults.allowSecondWebhook = 'otherEndpoint'
    await stage.connect()
    for (const webhook of stage.clickup.webhooks.all()) webhook.status = 'suspended'
    await stage.guard()
    await stage.rotate('signing')
    stage.clickup.faults.webhookRefusal = '403'
    await stage.rotate('signing')
    for (const webhook of [...stage.clickup.webhooks.all()]) stage.clickup.webhooks.remove(webhook)
    await stage.guard()
    stage.clickup.faults.deadToken = true
    await stage.guard()
    const broken = async () => {
      throw new Error('no answer')
    }
    await takeRotationStep(STEP, { ...stage.rotators.signing, rotationOf: broken }, 60_000).catch(() => undefined)
  } finally {
    await stage.close()
  }
  for (const { message, fields } of stage.lines) {
    if (message === 'delivery' || message === 'call') continue
    const whose = fields?.['step'] === undefined ? 'guard' : 'rotate-signing'
    const log = recorder(whose)
    log[/failed|could not/.test(message) ? 'error' : 'info'](message, fields)
  }
}

/** A pulse while ClickUp tells of an incident, one while it tells nothing, and what a pause puts off. */
async function watch(recorder: (log: string) => Log): Promise<void> {
  const embedded = await startDynamo()
  try {
    const state = { dynamo: embedded.dynamo, table: (await embedded.tables()).state }
    const incidents = [{ name: 'API is slow' }]
    const page = JSON.stringify({ result: { status_overall: { status: 'Words', status_code: 400 }, incidents } })
    const metrics = { count: nothing, milliseconds: nothing, percent: nothing, flush: nothing }
    const services = {
      ...{ state, connections: ['main'], calendar: createCalendar(reportSettingsSchema.parse({})), metrics },
      ...{ statusUrl: 'http://status.test/', timeout: (ms: number) => AbortSignal.timeout(ms) },
      ...{ clock: { now: () => T }, log: recorder('pulse') },
    }
    await takePulse({ ...services, fetch: async () => new Response(page) })
    await takePulse({ ...services, fetch: async () => new Response('', { status: 500 }) })
  } finally {
    await embedded.close()
  }
  const held = { clock: { now: () => T }, mailbox: { sendBack: async () => [] }, pendingOf: () => undefined }
  await holdBack([], { ...held, log: recorder('consumer') })
  const job = { job: 'sweep', connection: 'main', reason: 'schedule' } as const
  await putOffJob(job, { sendJob: async () => undefined, log: recorder('sync') })
}

const nothing = () => undefined

/** As Secrets Manager asks for it. */
const STEP = {
  Step: 'createSecret',
  SecretId: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hookline/dev/main/signing-AbCd12',
  ClientRequestToken: '0b3a3f0c-7e3e-4a39-8c0e-2f9d5a2f6f11',
}

/** A request as the API's own format writes it. */
const request = (status: string): Record<string, unknown> =>
  Object.fromEntries(Object.keys(ACCESS_LOG).map((name) => [name, { status, requestId: DELIVERY_ID }[name] ?? '42']))

/** What Lambda itself writes: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
const OF_LAMBDA = [
  report({ status: 'success' }, { initDurationMs: 320.5 }),
  report({ status: 'success' }, {}),
  report({ status: 'timeout', errorType: 'Sandbox.Timedout' }, {}),
]

function report(record: Record<string, unknown>, metrics: Record<string, number>): Record<string, unknown> {
  return {
    time: '2026-09-09T01:46:40.000Z',
    type: 'platform.report',
    record: {
      requestId: '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa',
      metrics: { durationMs: 79.81, billedDurationMs: 80, memorySizeMB: 512, maxMemoryUsedMB: 96, ...metrics },
      ...record,
    },
  }
}
