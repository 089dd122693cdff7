import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFieldSchemas } from '../../../core/clickup/field-schemas.ts'
import type { Json } from '../../../core/platform/json.ts'
import type { Delivery } from '../../../core/standup/deliver/delivery.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { answer } from '../../support/upstream.ts'
import { setUpDelivery } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Field = NonNullable<Delivery['field']>

async function setUp(intercept?: Fetch) {
  const its = await setUpDelivery(embedded, intercept)
  const { world, actor, list, task, run, calls } = its
  const place = { kind: 'list', id: list.id } as const
  for (const type of ['text', 'short_text', 'number', 'users'] as const)
    world.createField(actor, { name: type, type, place })
  const mood = world.createField(actor, { name: 'Mood', type: 'drop_down', place, options: ['Good', 'Bad'] })
  return {
    ...its,
    mood,
    set: (name: string, value: Field['value'], over: Partial<Field> = {}) =>
      run({ field: { taskId: task.id, name, value, listId: list.id, ...over } }),
    writes: () => calls.filter((call) => !call.startsWith('GET')),
  }
}

const DONE = { delivered: { kind: 'delivered' }, outputs: { field: { stage: 'done' } } }

describe('a field', () => {
  it('is set without the task being read, by the cached schema of its list', async () => {
    const { set, calls, task, list, fieldNamed } = await setUp()
    expect(await set('text', 'All is well.')).toMatchObject(DONE)
    expect(fieldNamed('text')).toBe('All is well.')
    expect(calls).toEqual([`GET /list/${list.id}/field`, expect.stringContaining(`POST /task/${task.id}/field/`)])
  })

  it('is one call where the schema is cached', async () => {
    const { set, calls, services, list, task, clickup, clock } = await setUp()
    const state = { dynamo: services.dynamo, table: services.tables.state }
    await createFieldSchemas({ state, connection: 'main', clickup, clock }).of(list.id)
    calls.length = 0
    expect(await set('text', 'One')).toMatchObject(DONE)
    expect(calls).toEqual([expect.stringContaining(`POST /task/${task.id}/field/`)])
  })

  it('that shows it already is not written', async () => {
    const cases: [string, Field['value'], Json][] = [
      ['text', 'Same', 'Same'],
      ['Mood', 'Good', { id: 'x', name: 'Good' }],
      ['Mood', 'x', { id: 'x', name: 'Good' }],
      ['number', 5, 5],
      ['labels', ['a', 'b'], [{ id: 'b' }, { id: 'a' }]],
    ]
    for (const [name, value, current] of cases) {
      const { set, writes } = await setUp()
      expect(await set(name, value, { current })).toMatchObject(DONE)
      expect(writes(), name).toEqual([])
    }
  })

  it('that shows something else is written', async () => {
    const cases: [string, Field['value'], Json][] = [
      ['text', 'New', 'Old'],
      ['text', 'New', null],
      ['Mood', 'Good', { id: 'x', name: 'Bad' }],
      ['number', 5, 6],
    ]
    for (const [name, value, current] of cases) {
      const { set, writes } = await setUp()
      expect(await set(name, value, { current })).toMatchObject(DONE)
      expect(writes(), name).toHaveLength(1)
    }
  })

  it('of which nobody knows whether it was set is set again', async () => {
    let n = 0
    const { set, writes, fieldNamed } = await setUp(async (url, init) => {
      if (init.method === 'POST') n += 1
      const response = await fetch(url, init)
      return init.method === 'POST' && n === 1 ? answer(502, {}) : response
    })
    expect((await set('text', 'Here')).delivered).toMatchObject({ kind: 'again', inSeconds: 60 })
    expect(await set('text', 'Here')).toMatchObject(DONE)
    expect(writes()).toHaveLength(2)
    expect(fieldNamed('text')).toBe('Here')
  })

  it('of a short text takes one line, and of a long one so much as somebody reads', async () => {
    const { set, fieldNamed } = await setUp()
    await set('short_text', `One\n\n• two ${'x'.repeat(600)}`)
    expect(fieldNamed('short_text')).toMatch(/^One • two x+…$/)
    expect(fieldNamed('short_text')).toHaveLength(500)
    const other = await setUp()
    await other.set('text', `${'x'.repeat(7_998)}\u{1F600}\u{1F600}`)
    expect(other.fieldNamed('text')).toBe(`${'x'.repeat(7_998)}…`)
  })

  it('that the list does not have is given up, with the names of those that it has', async () => {
    const { set } = await setUp()
    expect((await set('Modo', 'Good')).outputs.field).toMatchObject({
      stage: 'failed',
      reason: expect.stringContaining('"Mood"'),
    })
  })

  it('of a task that was moved since is set by the fields of the list where it is now', async () => {
    const { set, other, fieldNamed, writes } = await setUp()
    expect(await set('text', 'Found', { listId: other.id })).toMatchObject(DONE)
    expect(fieldNamed('text')).toBe('Found')
    expect(writes()).toHaveLength(1)
  })

  it('of a task in a list that is gone is set all the same', async () => {
    const { set, fieldNamed } = await setUp()
    expect(await set('text', 'Found', { listId: '404404' })).toMatchObject(DONE)
    expect(fieldNamed('text')).toBe('Found')
  })

  it('of a task that nobody knows is set after it was read', async () => {
    const { set, calls, task } = await setUp()
    expect(await set('Mood', 'Bad', { listId: null })).toMatchObject(DONE)
    expect(calls).toContain(`GET /task/${task.id}`)
  })

  it('of people reads what stands, for what is too much has to be taken out', async () => {
    const { set, ann, ben, fieldNamed, calls, task, call, world } = await setUp()
    const field = [...world.store.fields.values()].find(({ name }) => name === 'users')
    await call('POST', `/v2/task/${task.id}/field/${field?.id}`, { value: { add: [ben.id] } })
    expect(fieldNamed('users')).toBe(`[${ben.id}]`)
    await set('users', [ann.id])
    expect(fieldNamed('users')).toBe(`[${ann.id}]`)
    expect(calls).toContain(`GET /task/${task.id}`)
  })

  it('that ClickUp refuses in the task’s own list is not sent twice', async () => {
    const { set, writes } = await setUp(async (url, init) =>
      init.method === 'POST' ? answer(400, { err: 'Value is not valid', ECODE: 'FIELD_011' }) : fetch(url, init),
    )
    expect((await set('text', 'No')).outputs.field).toMatchObject({ stage: 'failed' })
    expect(writes()).toHaveLength(1)
  })

  it('of a task that is gone is given up', async () => {
    const { set, world, actor, task } = await setUp()
    world.deleteTask(actor, task.id)
    expect((await set('text', 'No')).outputs.field).toMatchObject({
      stage: 'failed',
      reason: expect.stringContaining('shows no task'),
    })
  })
})
