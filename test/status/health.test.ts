import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ConnectionRecord, saveConnection } from '../../core/clickup/connection-record.ts'
import { PAUSE_KEY } from '../../core/pause/pause.ts'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { createPending } from '../../core/process/pending.ts'
import type { StatusPage } from '../../core/status/clickup-page.ts'
import { saveClickUpStatus, savePulse } from '../../core/status/pulse.ts'
import { createHealth, HEALTH_LIFE_MS, type HealthServices } from '../../core/status/read-health.ts'
import { type SweepRun, sweepRunSchema } from '../../core/sync/run.ts'
import { censusRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-03-04T11:00:00Z')
const RECORD: ConnectionRecord = {
  ...{ workspaceId: '90121', workspaceName: 'Acme Rockets', userId: '18377', userName: 'Ada', mode: 'webhook' },
  connectedAt: NOW - 100 * HOUR,
}

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

let state: HealthServices['state']
const clock = { time: NOW, now: () => clock.time }
const errors: string[] = []
beforeEach(async () => {
  state = { dynamo: embedded.dynamo, table: (await embedded.tables()).state }
  clock.time = NOW
  errors.length = 0
})

const asker = (over: Partial<HealthServices> = {}) =>
  createHealth({
    ...{ state, connections: ['salesteam'], version: '7.8.9', clock },
    log: { error: (message) => void errors.push(message) },
    ...over,
  })
const health = (connections = ['salesteam']) => asker({ connections })()

const put = (key: string, item: object) =>
  state.dynamo.send(new PutCommand({ TableName: state.table, Item: { [PK]: key, ...item } }))
const run = {
  ...{ version: 0, run: 'r', startedAt: NOW, updatedAt: NOW, endedAt: NOW, heldUntil: 0, calls: 1, parts: 0 },
  ...{ note: null, remark: null, settlingSince: 0, phase: 'done' as const },
}
const saveSweep = (over: Partial<SweepRun> = {}, connection = 'salesteam') => {
  const last = { startedAt: NOW, endedAt: NOW, repaired: { tasks: 0, changes: 0, timeEntries: 0, places: 0 }, calls: 1 }
  const rest = { sentAt: 0, heardUntil: 0, horizon: 0, since: 0, places: { spaceIds: [], listed: true }, stretches: [] }
  const sweep = { ...run, ...rest, pages: 1, suspects: [], byHour: {}, last, watermark: NOW - 12 * MINUTE }
  return put(stateKey(connection, 'sweep'), sweepRunSchema.parse({ ...sweep, ...over }))
}
const saveWebhooks = (report: object = {}, connection = 'salesteam') => {
  const said = { at: NOW - MINUTE, verdict: 'well', findings: ['Of Ada’s webhook w-17.'], latencyMs: 240, ...report }
  return put(stateKey(connection, 'webhooks'), { version: 1, slots: {}, report: said })
}
const heard = (at: number, connection = 'salesteam') =>
  createPending({ ...state, connection }).note({ heardAt: at, waits: [] })

/** What a pulse has seen when all is well. */
const SEEN = {
  ...{
    watermarkAgeMs: 0,
    webhooksBroken: 0,
    webhookFailCount: 0,
    quietMs: 0,
    clickupIncident: null,
    paused: false,
  },
}

/** A connection of which nothing is amiss, and a pulse. */
async function well(connection = 'salesteam') {
  await saveConnection(state, connection, RECORD)
  await saveSweep({}, connection)
  await saveWebhooks({}, connection)
  await heard(NOW - 90_000, connection)
  await savePulse(state, { at: NOW - MINUTE, seen: SEEN })
}

describe('a stage of which nothing is amiss', () => {
  beforeEach(() => well())

  it('is healthy, and says up to when it knows, when it last heard, and how fast ClickUp is', async () => {
    expect(await health()).toEqual({
      ...{ status: 'healthy', reasons: [], version: '7.8.9', at: '2026-03-04T11:00:00.000Z', paused: false },
      watermark: { at: '2026-03-04T10:48:00.000Z', ageSeconds: 720 },
      lastDelivery: { ageSeconds: 90 },
      clickup: { latencyMs: 240, says: null },
    })
  })

  it('tells of the oldest watermark, the latest delivery and the slowest answer of its connections', async () => {
    await well('other')
    await saveSweep({ watermark: NOW - 20 * MINUTE }, 'other')
    await saveWebhooks({ latencyMs: 900 }, 'other')
    await heard(NOW - 5_000, 'other')
    expect(await health(['salesteam', 'other'])).toMatchObject({
      watermark: { ageSeconds: 1200 },
      lastDelivery: { ageSeconds: 5 },
      clickup: { latencyMs: 900 },
    })
  })
})

describe('a stage that was just deployed', () => {
  it('is degraded, as it is not connected, and not down', async () => {
    expect(await health()).toMatchObject({ status: 'degraded', reasons: ['notConnected'], watermark: null })
    expect(await health()).toMatchObject({ lastDelivery: null, clickup: { latencyMs: null, says: null } })
  })

  it('promises nothing while one of its connections does not', async () => {
    await well()
    await saveConnection(state, 'other', { ...RECORD, connectedAt: NOW - MINUTE })
    const both = await health(['salesteam', 'other'])
    expect(both).toMatchObject({ status: 'degraded', reasons: ['watermark'], watermark: null })
  })
})

describe('a stage is down', () => {
  beforeEach(() => well())

  it.each<[string, () => Promise<unknown>, string]>([
    ['its watermark stands still', () => saveSweep({ watermark: NOW - 3 * HOUR }), 'watermark'],
    ['its webhook cannot be mended', () => saveWebhooks({ verdict: 'unhealthy' }), 'webhook'],
    ['nobody looks after its webhook', () => saveWebhooks({ at: NOW - 2 * HOUR }), 'guardLate'],
    ['the connection is not to be read', () => put(stateKey('salesteam', 'connection'), { odd: 1 }), 'unreadable'],
  ])('when %s', async (_, breaks, reason) => {
    await breaks()
    expect(await health()).toMatchObject({ status: 'down', reasons: [reason] })
  })

  it('when that is so of one connection of several', async () => {
    await well('other')
    await saveWebhooks({ verdict: 'unhealthy' }, 'other')
    expect(await health(['salesteam', 'other'])).toMatchObject({ status: 'down', reasons: ['webhook'] })
  })

  it('when its state cannot be read; that is logged once for each try, and tried again', async () => {
    const ask = asker({ state: { ...state, table: 'nowhere' } })
    const answers = [await ask(), await ask(), await ask()]
    expect(answers).toMatchObject([1, 2, 3].map(() => ({ status: 'down', reasons: ['stateUnreadable'] })))
    expect(errors.length).toBeLessThan(3)
    clock.time += HEALTH_LIFE_MS
    await ask()
    expect(new Set(errors)).toEqual(new Set(['The state could not be read for the health of the stage']))
  })
})

describe('a stage is degraded', () => {
  beforeEach(() => well())
  const page = (state: StatusPage['state'], at = NOW - MINUTE) => ({ at, state, says: 'Words', incidents: [] })

  it.each<[string, () => Promise<unknown>, string]>([
    ['its watermark is late', () => saveSweep({ watermark: NOW - 40 * MINUTE }), 'watermark'],
    ['its webhook is being mended', () => saveWebhooks({ verdict: 'mending' }), 'webhook'],
    ['an operator has paused it', () => put(PAUSE_KEY, { v: 1, since: NOW, by: 'Ada', reason: 'Lunch' }), 'paused'],
    ['nobody takes its pulse', () => savePulse(state, { at: NOW - HOUR, seen: SEEN }), 'pulseLate'],
    ['nobody has ever taken it', () => put('pulse', { v: 0 }), 'pulseLate'],
    [
      'ClickUp tells of an incident',
      () => saveClickUpStatus(state, { triedAt: NOW, failure: null, page: page('disrupted') }),
      'clickupIncident',
    ],
  ])('when %s', async (_, breaks, reason) => {
    await breaks()
    expect(await health()).toMatchObject({ status: 'degraded', reasons: [reason] })
  })

  it('and not down for what a halted census holds back', async () => {
    await censusRuns(state, 'salesteam').save({
      ...{ ...run, phase: 'halted', note: 'Too many.', lists: [], page: 0, archived: false, seen: [] },
      ...{ openTasks: 0, livingTasks: 0, countedLists: 3, countedTasks: 120, deleted: 0, outOfSight: 0 },
      ...{ there: 0, changed: 0, held: [], differing: [] },
    })
    expect(await health()).toMatchObject({ status: 'degraded', reasons: ['censusHalted'] })
  })

  it('and not down for what stands still in a pause', async () => {
    await saveSweep({ watermark: NOW - 5 * HOUR })
    await saveWebhooks({ at: NOW - 5 * HOUR })
    await put(PAUSE_KEY, { v: 1, since: NOW - 5 * HOUR, by: 'Ada', reason: null, past: [] })
    expect(await health()).toMatchObject({ status: 'degraded', reasons: ['paused'], paused: true })
  })

  it('and takes no old page for what ClickUp says now', async () => {
    const old = page('disrupted', NOW - HOUR)
    await saveClickUpStatus(state, { triedAt: NOW, failure: 'status 502', page: old })
    expect(await health()).toMatchObject({ status: 'healthy', clickup: { says: null } })
  })
})

it('has no name, no id and nothing that a person wrote in it', async () => {
  await well()
  await saveWebhooks({ verdict: 'unhealthy' })
  await put(PAUSE_KEY, { v: 1, since: NOW, by: 'Ada', reason: 'Lunch', past: [] })
  const text = JSON.stringify(await health())
  for (const secret of ['salesteam', 'Acme', '90121', '18377', 'Ada', 'Lunch', 'w-17'])
    expect(text).not.toContain(secret)
})

it('is found out once in ten seconds, however many ask', async () => {
  await well()
  let reads = 0
  const ask = asker({
    state: { ...state, dynamo: counting(state.dynamo, () => (reads += 1)) },
  })
  await Promise.all(Array.from({ length: 50 }, ask))
  const once = reads
  clock.time += HEALTH_LIFE_MS - 1
  await ask()
  expect(reads).toBe(once)
  clock.time += 1
  await ask()
  expect(reads).toBe(2 * once)
  expect(once).toBeLessThan(20)
})

/** A client whose requests are counted. */
function counting(dynamo: HealthServices['state']['dynamo'], count: () => void): HealthServices['state']['dynamo'] {
  return new Proxy(dynamo, {
    get: (target, name) => {
      if (name === 'send') count()
      return Reflect.get(target, name)
    },
  })
}
