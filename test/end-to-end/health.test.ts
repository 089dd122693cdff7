import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { ENV } from '../../core/platform/env-names.ts'
import { VERSION } from '../../core/platform/version.ts'
import { loadClickUpStatus, loadPulse } from '../../core/status/pulse.ts'
import { createDriver } from '../../local/check/drive.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../../local/check/settings.ts'
import type { FakeClickUp } from '../../local/clickup/server.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { post, statusDelivery } from './support/deliveries.ts'
import { aTask, untilDrained } from './support/system.ts'

// One system for all of them, from the synthesized template: bundles, roles, environment, routes and schedules.
let directory: string
let system: LocalSystem
let clickup: FakeClickUp

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  system = await startLocal({
    ...{ seed: 11, logFile: join(directory, 'functions.log') },
    outside: {
      [ENV.syncSettings]: JSON.stringify(SYNC_SETTINGS),
      [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
    },
  })
  if (system.clickup === null) throw new Error('There is no fake ClickUp')
  clickup = system.clickup
})

afterAll(async () => {
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

const functionOf = (name: string) => {
  const found = system.stack.functions.find((each) => each.name.endsWith(`-${name}`))
  if (found === undefined) throw new Error(`The template has no function ${name}`)
  return found
}
const state = () => ({ dynamo: system.clients.dynamo, table: system.details.tables.state })

const logSchema = z.looseObject({ message: z.string().optional() })
const linesOf = (name: string) =>
  readFileSync(join(directory, 'functions.log'), 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes(name) && line.includes('{') ? [line.slice(line.indexOf('{'))] : []))
    .map((line) => logSchema.parse(JSON.parse(line)))

/** The next invocation finds a container that remembers nothing. */
function beginAnew(name: string) {
  const its = functionOf(name)
  for (const { pid } of its.processes()) its.recycle(pid)
}

/** Asks as anybody can, of a container that remembers no answer. */
async function ask(method: 'GET' | 'HEAD' = 'GET') {
  beginAnew('health')
  const response = await fetch(new URL('/health', system.stack.apiUrl), { method })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const healthSchema = z.looseObject({ status: z.string(), reasons: z.array(z.string()), version: z.string() })
const healthIn = ({ text }: { text: string }) => healthSchema.parse(JSON.parse(text))

async function pulse() {
  const before = (await loadPulse(state()))?.at ?? 0
  await system.stack.schedules.find(({ path }) => path.startsWith('Pulse'))?.fire()
  return until(
    async () => {
      const taken = await loadPulse(state())
      return taken !== null && taken.at > before ? taken : undefined
    },
    { what: 'the pulse', deadlineMs: 20_000 },
  )
}

test('health answers before anything was swept, and tells nobody who is listened to', async () => {
  const answer = await ask()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('max-age=10')
  expect(healthIn(answer)).toMatchObject({ status: 'degraded', version: VERSION })
  expect(answer.text).not.toContain(system.details.connection)
  const head = await ask('HEAD')
  expect([head.status, head.text]).toEqual([200, ''])
  expect((await fetch(new URL('/health', system.stack.apiUrl), { method: 'POST' })).status).toBe(404)
})

test('the schedule takes the pulse, with ClickUp’s own status, and asks its API nothing', async () => {
  const calls = () => clickup.log.entries().filter(({ kind }) => kind === 'call').length
  const before = calls()
  expect(await pulse()).toMatchObject({ seen: { clickupIncident: false, paused: false, webhooksBroken: 0 } })
  expect(calls()).toBe(before)
  // It is written a moment after the pulse.
  const line = await until(() => linesOf('pulse').find((each) => 'ClickUpIncident' in each), {
    what: 'the metrics of the pulse',
    deadlineMs: 20_000,
  })
  expect(line).toMatchObject({ service: 'hookline', stage: system.details.stage, ClickUpIncident: 0, Paused: 0 })
})

test('an incident of ClickUp is in the metrics, in the state and in the health', async () => {
  clickup.faults.statusPage = 'disrupted'
  expect(await pulse()).toMatchObject({ seen: { clickupIncident: true } })
  expect(await loadClickUpStatus(state())).toMatchObject({ failure: null, page: { state: 'disrupted' } })
  const answer = healthIn(await ask())
  expect(answer).toMatchObject({ status: 'degraded', clickup: { says: 'disrupted' } })
  expect(answer.reasons).toContain('clickupIncident')
  clickup.faults.statusPage = 'operational'
})

test('a delivery can be followed from the request to what was published, and each call to ClickUp is a line', async () => {
  const task = aTask(system, 0)
  // It may have looked for the secret before there was one.
  beginAnew('verifier')
  expect(await post(system.details, statusDelivery(task.id, 'history-1'))).toMatchObject({ status: 200 })
  await untilDrained(system)
  const [delivery] = linesOf('verifier').filter((line) => line['decision'] === 'accepted')
  const id = z.looseObject({ deliveryId: z.string() }).parse(delivery).deliveryId
  const [change] = linesOf('consumer').filter(({ message }) => message === 'change')
  expect(change).toMatchObject({ decision: 'published', deliveryIds: [id] })
  const calls = linesOf('consumer').filter(({ message }) => message === 'call')
  expect(calls).toMatchObject([
    { method: 'GET', path: '/v2/task/{task_id}', lane: 'live', status: 200, outcome: 'ok', connection: 'main' },
  ])
  expect(JSON.stringify(calls)).not.toContain(task.id)
})

test('health goes on when places, runs and webhooks are stored, with the rights that it has', async () => {
  const { beginGuard, sweep } = createDriver(system, clickup)
  await Promise.all([sweep(), beginGuard()])
  expect(await pulse()).toMatchObject({ seen: { clickupIncident: false, watermarkAgeMs: expect.any(Number) } })
  const answer = await until(
    async () => {
      const found = healthIn(await ask())
      return found['watermark'] === null ? undefined : found
    },
    { what: 'the watermark in the health', deadlineMs: 20_000 },
  )
  expect(answer.reasons).not.toContain('stateUnreadable')
})
