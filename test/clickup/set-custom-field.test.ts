import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFieldSchemas } from '../../core/clickup/field-schemas.ts'
import { setCustomField } from '../../core/clickup/set-custom-field.ts'
import { typedFieldValue } from '../../core/clickup/typed-field-value.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { rawFieldValue } from '../../local/clickup/world/field-values.ts'
import { manualClock, startSmall } from '../local-clickup/support.ts'
import { clientOf } from '../support/clickup-client.ts'
import { startDynamo } from '../support/dynamo.ts'
import { answer } from '../support/upstream.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp(intercept?: Fetch) {
  const clock = manualClock()
  const small = await startSmall({ clock })
  const { world, actor, list, ann, ben } = small
  const place = { kind: 'list', id: list.id } as const
  const task = world.createTask(actor, { listId: list.id, name: 'Task' })
  const plan = world.createField(actor, { name: 'Plan', type: 'drop_down', place, options: ['Monthly', 'Yearly'] })
  world.createField(actor, { name: 'Areas', type: 'labels', place, options: ['Web', 'App', 'web '] })
  for (const type of [
    'number',
    'date',
    'checkbox',
    'users',
    'tasks',
    'location',
    'manual_progress',
    'url',
    'email',
    'phone',
    'text',
    'emoji',
    'automatic_progress',
  ] as const) {
    world.createField(actor, { name: type, type, place })
  }
  const { state } = await embedded.tables()
  const calls: string[] = []
  const fetched: Fetch = (url, init) => {
    calls.push(`${init.method} ${new URL(url).pathname.replace('/api/v2', '')}`)
    return intercept === undefined ? fetch(url, init) : intercept(url, init)
  }
  const clickup = clientOf(small.fake.url, small.fake.tokens.service, { fetch: fetched })
  const table = { dynamo: embedded.dynamo, table: state }
  const schemas = createFieldSchemas({ state: table, connection: 'main', clickup, clock })
  const stored = (name: string) => {
    const field = [...world.store.fields.values()].find((each) => each.name === name)
    return rawFieldValue(world.store.tasks.get(task.id)?.fields.get(field?.id ?? ''))
  }
  const services = { clickup, schemas }
  const set = (name: string, value: Parameters<typeof setCustomField>[3]) =>
    setCustomField(services, task.id, name, value)
  return { ...small, clock, task, plan, place, calls, clickup, schemas, stored, set, table, ann, ben, services }
}

describe('a custom field', () => {
  it('takes a value of its type, by names where there are some', async () => {
    const { set, stored, ann, ben, task, plan } = await setUp()
    const cases: [string, Parameters<typeof set>[1], unknown][] = [
      ['plan', 'yearly', plan.options[1]?.id],
      ['number', '12.5', '12.5'],
      ['date', '2026-03-29', String(Date.UTC(2026, 2, 29, 12))],
      ['date', '2026-03-29T15:00:00+02:00', String(Date.UTC(2026, 2, 29, 13))],
      ['date', new Date(86_400_000), '86400000'],
      ['checkbox', true, 'true'],
      ['users', [ann.id, String(ben.id)], `[${ann.id},${ben.id}]`],
      ['users', [ben.id], `[${ben.id}]`],
      ['users', { add: [ann.id], rem: [ben.id] }, `[${ann.id}]`],
      ['tasks', [task.id], JSON.stringify([task.id])],
      ['manual_progress', 40, '{"current":40}'],
      ['location', { lat: 52.5, lng: 13.4 }, '{"location":{"lat":52.5,"lng":13.4},"formatted_address":""}'],
      ['url', 'https://example.test/a', 'https://example.test/a'],
      ['email', 'a@example.test', 'a@example.test'],
      ['phone', '+49 30 1234567', '+49 30 1234567'],
      ['text', 'Hello', 'Hello'],
      ['emoji', 3, '3'],
    ]
    for (const [name, value, expected] of cases) {
      expect(await set(name, value), name).toMatchObject({ kind: 'set' })
      expect(stored(name === 'plan' ? 'Plan' : name), name).toBe(expected)
    }
    expect(await set('Areas', ['App', 'Web'])).toMatchObject({ kind: 'set', field: { name: 'Areas', type: 'labels' } })
    expect(JSON.parse(stored('Areas') ?? '')).toHaveLength(2)
    expect(await set('Plan', null)).toMatchObject({ kind: 'cleared' })
    expect(stored('Plan')).toBeNull()
  })

  it.each<[string, Parameters<typeof setCustomField>[3], string]>([
    ['Plan', 'Weekly', 'The field "Plan" has no option "Weekly". Its options are "Monthly", "Yearly".'],
    ['Areas', ['Web', 'WEB'], 'The field "Areas" has no label "WEB". Its labels are "Web", "App", "web ".'],
    ['Areas', 'Web', 'takes a list of labels'],
    ['number', 'many', 'takes a number'],
    ['number', Number.NaN, 'takes a number'],
    ['date', '2026-02-30', 'takes a Date'],
    ['date', '2026-03-29T15:00:00', 'with its time zone'],
    ['date', 1_789_000_000, 'milliseconds'],
    ['checkbox', 'true', 'true or false'],
    ['users', ['Ann'], 'ids of people'],
    ['tasks', ['a/b'], 'ids of tasks'],
    ['location', { lat: 91, lng: 0 }, '{lat, lng, address}'],
    ['manual_progress', 101, 'from 0 to 100'],
    ['url', 'javascript:alert(1)', 'https://'],
    ['email', 'nobody', 'an e-mail address'],
    ['phone', '030 123', 'country code'],
    ['text', ' ', 'or null to clear it'],
    ['automatic_progress', 3, 'cannot be set'],
    ['Budget', 3, 'The task\'s list has no field "Budget". Its fields are "Plan", "Areas"'],
  ])('%s refuses %j before it is sent', async (name, value, reason) => {
    const { set, calls } = await setUp()
    expect(await set(name, value)).toEqual({ kind: 'invalid', reason: expect.stringContaining(reason) })
    expect(calls.filter((call) => !call.startsWith('GET'))).toEqual([])
  })

  it('asks for the schema of a list once a day', async () => {
    const { set, calls, clock } = await setUp()
    await set('number', 1)
    await set('number', 2)
    const asked = () => calls.filter((call) => call.endsWith('/field')).length
    expect(asked()).toBe(1)
    clock.advance(24 * 3_600_000)
    await set('number', 3)
    expect(asked()).toBe(2)
  })

  it('that is new is found by reading the schema anew, once', async () => {
    const { set, world, actor, place, calls, stored } = await setUp()
    await set('number', 1)
    world.createField(actor, { name: 'Fresh', type: 'short_text', place })
    expect(await set('Fresh', 'x')).toMatchObject({ kind: 'set' })
    expect(stored('Fresh')).toBe('x')
    expect(await set('Stale', 'x')).toMatchObject({ kind: 'invalid' })
    expect(calls.filter((call) => call.endsWith('/field'))).toHaveLength(3)
  })

  it('whose option was replaced is set by the schema of now', async () => {
    const { set, list, plan, table, stored, clock, calls } = await setUp()
    const options = [{ id: 'b0000000-0000-4000-8000-000000000000', name: 'Yearly', index: 0 }]
    const fields = [{ id: plan.id, name: 'Plan', type: 'drop_down', options, start: null, end: null, count: null }]
    const old = { pk: `main#fields#${list.id}`, readAt: clock.now() - 1, fields, schemaVersion: 1 }
    await table.dynamo.send(new PutCommand({ TableName: table.table, Item: old }))
    expect(await set('Plan', 'Yearly')).toMatchObject({ kind: 'set' })
    expect(stored('Plan')).toBe(plan.options[1]?.id)
    expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(2)
  })

  it('that ClickUp refuses by the schema of now is not sent again', async () => {
    const refused = answer(400, { err: 'Custom field usages exceeded for your plan', ECODE: 'FIELD_033' })
    const { set, calls } = await setUp(async (url, init) =>
      init.method === 'POST' ? refused.clone() : fetch(url, init),
    )
    expect(await set('number', 1)).toEqual({ kind: 'invalid', reason: expect.stringContaining('FIELD_033') })
    expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(1)
  })

  it('of which nobody knows whether it was set is not set again', async () => {
    const { set, calls } = await setUp(async (url, init) =>
      init.method === 'POST' ? answer(502, {}) : fetch(url, init),
    )
    expect(await set('number', 1)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('look before') })
    expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(1)
  })

  it('of a task that is not there is nowhere to be set', async () => {
    const { services } = await setUp()
    expect(await setCustomField(services, 'nowhere', 'Plan', 'Yearly')).toMatchObject({ kind: 'notFound' })
    expect(await setCustomField(services, '../team', 'Plan', 'Yearly')).toMatchObject({ kind: 'invalid' })
  })

  it('that is called like another has to be named by its id', async () => {
    const { set, world, actor, place, plan } = await setUp()
    world.createField(actor, { name: 'Plan', type: 'text', place })
    expect(await set('Plan', 'x')).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('by its id') })
    expect(await set(plan.id, 'Yearly')).toMatchObject({ kind: 'set' })
  })
})

describe('a value typed by the schema of its list', () => {
  const typed = (from: Awaited<ReturnType<typeof setUp>>, fieldId: string, value: unknown) =>
    typedFieldValue(from.schemas, { listId: from.list.id, fieldId, value, storeEmails: false })

  it('is the same from an index and from an option id', async () => {
    const from = await setUp()
    const yearly = { id: from.plan.options[1]?.id, name: 'Yearly' }
    expect(await typed(from, from.plan.id, 1)).toMatchObject({ kind: 'typed', value: yearly })
    expect(await typed(from, from.plan.id, yearly.id)).toMatchObject({ kind: 'typed', value: yearly })
    expect(await typed(from, from.plan.id, null)).toMatchObject({ kind: 'typed', value: null })
  })

  it('that does not fit has the schema read anew once', async () => {
    const from = await setUp()
    expect(await typed(from, from.plan.id, 9)).toMatchObject({ kind: 'unfit', value: 9 })
    expect(await typed(from, 'no-field', 9)).toEqual({ kind: 'noField' })
    expect(from.calls.filter((call) => call.endsWith('/field'))).toHaveLength(3)
  })
})
