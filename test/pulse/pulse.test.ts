import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ConnectionRecord, saveConnection } from '../../core/clickup/connection-record.ts'
import { PAUSE_KEY } from '../../core/pause/pause.ts'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { createPending } from '../../core/process/pending.ts'
import { type PulseServices, takePulse } from '../../core/pulse/pulse.ts'
import { reportSettingsSchema } from '../../core/report/settings.ts'
import { createCalendar } from '../../core/report/working-time.ts'
import { loadClickUpStatus, loadPulse } from '../../core/status/pulse.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { censusRunSchema, sweepRunSchema } from '../../core/sync/run.ts'
import { censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { upstreamKey } from '../../core/upstream/store.ts'
import { startDynamo } from '../support/dynamo.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Wednesday, 12:00 in Berlin. */
const NOW = Date.parse('2026-03-04T11:00:00Z')
const RECORD: ConnectionRecord = { workspaceId: '9', userId: '1', connectedAt: NOW - 100 * HOUR }
const calendar = createCalendar(reportSettingsSchema.parse({ timeZone: 'Europe/Berlin' }))

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

let state: PulseServices['state']
beforeEach(async () => {
  state = { dynamo: embedded.dynamo, table: (await embedded.tables()).state }
})

const page = (code: number) =>
  JSON.stringify({ result: { status_overall: { status: 'Words', status_code: code }, incidents: [] } })

/** Takes the pulse of two connections and says what was counted. */
async function pulse(over: Partial<PulseServices> = {}, now = NOW) {
  const counted: Record<string, number> = {}
  const lines: { level: string; message: string }[] = []
  const at = (level: string) => (message: string) => void lines.push({ level, message })
  const emit = (name: string, value = 1) => {
    if (counted[name] !== undefined) throw new Error(`${name} was emitted twice`)
    counted[name] = value
  }
  const seen = await takePulse({
    ...{ state, connections: ['main', 'other'], calendar, statusUrl: null },
    fetch: async () => new Response(page(100)),
    timeout: (ms) => AbortSignal.timeout(ms),
    clock: { now: () => now },
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    metrics: { count: emit, milliseconds: emit, percent: emit, flush: () => undefined },
    ...over,
  })
  return { counted, lines, seen }
}

const put = (key: string, item: object) =>
  state.dynamo.send(new PutCommand({ TableName: state.table, Item: { [PK]: key, ...item } }))
const sweptUntil = (watermark: number, connection = 'main') =>
  sweepRuns(state, connection).save(
    sweepRunSchema.parse({
      ...{ version: 0, run: 'r', startedAt: NOW, updatedAt: NOW, endedAt: NOW, heldUntil: 0, calls: 1, parts: 0 },
      ...{ note: null, remark: null, settlingSince: 0, phase: 'done', sentAt: 0, heardUntil: 0, horizon: watermark },
      ...{
        since: 0,
        places: { spaceIds: [], listed: true },
        stretches: [],
        pages: 1,
        suspects: [],
        watermark,
        byHour: {},
      },
      last: null,
    }),
  )
const heard = (at: number, connection = 'main') =>
  createPending({ ...state, connection }).note({ heardAt: at, waits: [] })
const webhooks = (over: object, failCount = 0, connection = 'main') => {
  const slot = { webhookId: 'w', endpoint: 'https://x.test', status: 'active', checkedAt: NOW, goodUntil: null }
  const rest = { version: 1, slots: { a: { ...slot, failCount } } }
  return put(stateKey(connection, 'webhooks'), { ...rest, ...over })
}
const halted = (connection: string) =>
  censusRuns(state, connection).save(
    censusRunSchema.parse({
      ...{ version: 0, run: 'r', startedAt: NOW, updatedAt: NOW, endedAt: NOW, heldUntil: 0, calls: 1, parts: 0 },
      ...{
        note: null,
        remark: 'Many are gone.',
        settlingSince: 0,
        phase: 'halted',
        lists: [],
        page: 0,
        archived: false,
      },
      ...{ seen: [], openTasks: 0, livingTasks: 0, countedLists: 1, countedTasks: 60 },
      ...{ deleted: 60, outOfSight: 0, there: 0, changed: 0, held: [], differing: [] },
    }),
  )
const pause = (over: object) => put(PAUSE_KEY, { v: 1, since: null, by: 'ada', reason: null, past: [], ...over })

const NOTHING_WRONG = { WebhooksBroken: 0, WebhookFailCount: 0, Paused: 0, ClickUpIncident: 0 }

describe('the pulse', () => {
  it('of a stage that was just deployed tells of nothing wrong, so that its alarms have data', async () => {
    expect((await pulse()).counted).toEqual(NOTHING_WRONG)
  })

  it('is kept, with when it was taken', async () => {
    const { seen } = await pulse()
    expect(await loadPulse(state)).toMatchObject({ at: NOW, seen })
  })

  it('expects nothing of a connection that was taken down', async () => {
    await sweptUntil(NOW - 50 * HOUR)
    await webhooks({ offSince: NOW - HOUR }, 99)
    expect((await pulse()).counted).toEqual(NOTHING_WRONG)
  })
})

describe('the watermark’s age', () => {
  it('is that of the connection which is furthest behind', async () => {
    for (const name of ['main', 'other']) await saveConnection(state, name, RECORD)
    await sweptUntil(NOW - 12 * MINUTE)
    await sweptUntil(NOW - 40 * MINUTE, 'other')
    expect((await pulse()).counted).toMatchObject({ WatermarkAgeMs: 40 * MINUTE })
  })

  it('counts from the connecting while no sweep has come to its end', async () => {
    await saveConnection(state, 'main', { ...RECORD, connectedAt: NOW - 5 * MINUTE })
    expect((await pulse()).counted).toMatchObject({ WatermarkAgeMs: 5 * MINUTE })
  })

  it('does not grow in a pause', async () => {
    await saveConnection(state, 'main', RECORD)
    await sweptUntil(NOW - 90 * MINUTE)
    await pause({ since: NOW - 30 * MINUTE, past: [{ from: NOW - 80 * MINUTE, to: NOW - 40 * MINUTE }] })
    expect((await pulse()).counted).toMatchObject({ WatermarkAgeMs: 20 * MINUTE, Paused: 1 })
  })

  it('is not told where nobody can tell, and all the rest is', async () => {
    await saveConnection(state, 'main', RECORD)
    await put(stateKey('main', 'sweep'), { version: 'none of ours' })
    await webhooks({}, 7)
    const { counted, lines } = await pulse()
    expect(counted).not.toHaveProperty('WatermarkAgeMs')
    expect(counted).toMatchObject({ WebhookFailCount: 7 })
    expect(lines).toContainEqual({ level: 'warn', message: 'Items are in a form that is not ours' })
  })
})

describe('sweeps', () => {
  it('are counted as none while some are due, so that an alarm sees when none ends', async () => {
    await saveConnection(state, 'main', RECORD)
    await put(stateKey('main', 'sweep'), { version: 'none of ours' })
    expect((await pulse()).counted).toMatchObject({ SweepsCompleted: 0 })
  })

  it('are not counted in a pause, nor where nothing is connected', async () => {
    expect((await pulse()).counted).not.toHaveProperty('SweepsCompleted')
    await saveConnection(state, 'main', RECORD)
    await pause({ since: NOW - HOUR })
    expect((await pulse()).counted).not.toHaveProperty('SweepsCompleted')
  })
})

describe('what lasts', () => {
  it('is counted while it does, whether or not anybody works', async () => {
    for (const name of ['main', 'other']) await saveConnection(state, name, RECORD)
    const refusal = { versions: ['1'], code: 'OAUTH_025', since: NOW, tries: 0, tryAt: NOW + MINUTE, trial: null }
    const upstream = upstreamKey('other')
    await state.dynamo.send(new PutCommand({ TableName: state.table, Item: { ...upstream, v: 1, refusal } }))
    await halted('main')
    expect((await pulse()).counted).toMatchObject({ TokenDead: 1, CensusHalted: 1 })
  })

  it('is not counted where it does not, nor of a connection that was taken down', async () => {
    await saveConnection(state, 'main', RECORD)
    await halted('other')
    const { counted } = await pulse()
    expect(counted).not.toHaveProperty('TokenDead')
    expect(counted).not.toHaveProperty('CensusHalted')
  })
})

describe('webhooks', () => {
  const report = (verdict: string) => ({ report: { at: NOW, verdict, findings: [] } })

  it.each([
    ['well', 0],
    ['mending', 0],
    ['unknown', 0],
    ['unhealthy', 1],
  ])('of which the guard says %s count %i as broken', async (verdict, broken) => {
    await saveConnection(state, 'main', RECORD)
    await webhooks(report(verdict))
    expect((await pulse()).counted).toMatchObject({ WebhooksBroken: broken })
  })

  it('that are active and silent are broken until that has ended', async () => {
    await saveConnection(state, 'main', RECORD)
    const gap = { id: 's', cause: 'silent' as const, from: NOW - HOUR, detail: 'Silent.', givenUp: null, sweptAt: null }
    const repaired = { tasks: 0, changes: 0, timeEntries: 0, places: 0 }
    await createGapStore(state).revise('main', () => [{ ...gap, repaired, to: null }])
    expect((await pulse()).counted).toMatchObject({ WebhooksBroken: 1 })
    await createGapStore(state).revise('main', () => [{ ...gap, repaired, to: NOW }])
    expect((await pulse()).counted).toMatchObject({ WebhooksBroken: 0 })
  })

  it('tell of the most deliveries in a row that were given up, and each that is broken', async () => {
    for (const [name, failures] of [
      ['main', 12],
      ['other', 60],
    ] as const) {
      await saveConnection(state, name, RECORD)
      await webhooks(report('unhealthy'), failures, name)
    }
    expect((await pulse()).counted).toMatchObject({ WebhooksBroken: 2, WebhookFailCount: 60 })
  })

  it('are none of a connection that polls', async () => {
    await saveConnection(state, 'main', { ...RECORD, mode: 'poll' })
    await webhooks(report('unhealthy'), 9)
    const { counted } = await pulse()
    expect(counted).toMatchObject({ WebhooksBroken: 0, WebhookFailCount: 0 })
    expect(counted).not.toHaveProperty('QuietMs')
  })
})

describe('quiet', () => {
  beforeEach(() => saveConnection(state, 'main', RECORD))

  it('is the working time since the last delivery, in the configured time zone', async () => {
    // Tuesday 15:00 in Berlin: two hours until the evening, three since the morning.
    await heard(Date.parse('2026-03-03T14:00:00Z'))
    expect((await pulse()).counted).toMatchObject({ QuietMs: 5 * HOUR })
  })

  it('is none outside working hours', async () => {
    await heard(NOW)
    const evening = Date.parse('2026-03-04T16:30:00Z')
    expect((await pulse({}, evening)).counted).toMatchObject({ QuietMs: 0 })
    // The next morning at half past nine: five hours of the day before, and half of one.
    expect((await pulse({}, evening + 16 * HOUR)).counted).toMatchObject({ QuietMs: 5.5 * HOUR })
  })

  it('counts from the connecting where nothing was delivered yet', async () => {
    await saveConnection(state, 'main', { ...RECORD, connectedAt: NOW - 10 * MINUTE })
    expect((await pulse()).counted).toMatchObject({ QuietMs: 10 * MINUTE })
  })
})

describe('ClickUp’s status page', () => {
  const statusUrl = 'http://status.test/page'
  const says = (code: number) => ({ statusUrl, fetch: async () => new Response(page(code)) })

  it('tells of an incident, and that is kept', async () => {
    expect((await pulse(says(400))).counted).toMatchObject({ ClickUpIncident: 1 })
    const stored = { triedAt: NOW, failure: null, page: { at: NOW, state: 'disrupted', says: 'Words', incidents: [] } }
    expect(await loadClickUpStatus(state)).toMatchObject(stored)
    expect((await pulse(says(100), NOW + 5 * MINUTE)).counted).toMatchObject({ ClickUpIncident: 0 })
  })

  it('is no incident when it cannot be read; what it said last stays, beside why', async () => {
    await pulse(says(500))
    const down = { statusUrl, fetch: async () => new Response('', { status: 502 }) }
    const { counted, lines, seen } = await pulse(down, NOW + 5 * MINUTE)
    expect(counted).toMatchObject({ ClickUpIncident: 0 })
    expect(seen.clickupIncident).toBeNull()
    expect(lines).toContainEqual({ level: 'warn', message: 'ClickUp’s status page could not be read' })
    const stored = { triedAt: NOW + 5 * MINUTE, failure: 'status 502', page: { at: NOW, state: 'disrupted' } }
    expect(await loadClickUpStatus(state)).toMatchObject(stored)
  })

  it('is asked for by nobody where it is switched off', async () => {
    const fetch = () => Promise.reject(new Error('it was asked for'))
    const { counted, lines } = await pulse({ statusUrl: null, fetch })
    expect(counted).toMatchObject({ ClickUpIncident: 0 })
    expect(lines).toEqual([{ level: 'info', message: 'pulse' }])
    expect(await loadClickUpStatus(state)).toBeNull()
  })
})

it('a pause that is in no form of ours is one, as it is to all that do nothing while they cannot tell', async () => {
  await put(PAUSE_KEY, { v: 9, since: 'long' })
  const { counted, lines } = await pulse()
  expect(counted).toEqual({ ...NOTHING_WRONG, Paused: 1 })
  expect(lines).toContainEqual(expect.objectContaining({ level: 'error' }))
})
