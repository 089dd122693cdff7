import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Field } from '../../local/clickup/world/types.ts'
import { startSmall } from './support.ts'

const fieldSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  type_config: z.looseObject({ options: z.array(z.looseObject({ id: z.string() })).optional() }),
  value: z.unknown().optional(),
})

const TYPES: readonly Field['type'][] = [
  ...(['url', 'drop_down', 'labels', 'email', 'phone', 'date', 'short_text', 'text', 'checkbox'] as const),
  ...(['number', 'currency', 'tasks', 'users', 'emoji', 'automatic_progress', 'manual_progress', 'location'] as const),
]

/** A list with a field of each type, and a task in it. */
async function everyField(options: Parameters<typeof startSmall>[0] = {}) {
  const small = await startSmall({ plan: 'Enterprise', ...options })
  const { world, space, list, actor, call } = small
  const place = { kind: 'space', id: space.id } as const
  for (const type of TYPES) {
    const choices = type === 'drop_down' || type === 'labels' ? { options: ['Red', 'Green'] } : {}
    world.createField(actor, { name: type, type, place, ...choices })
  }
  const task = world.createTask(actor, { listId: list.id, name: 'One' })
  const schema = async () =>
    z.object({ fields: z.array(fieldSchema) }).parse((await call('GET', `/v2/list/${list.id}/field`)).body).fields
  const fields = await schema()
  const named = (name: string) => {
    const found = fields.find((field) => field.name === name)
    if (found === undefined) throw new Error(`no field ${name}`)
    return found
  }
  const set = (name: string, value: unknown) => call('POST', `/v2/task/${task.id}/field/${named(name).id}`, { value })
  const shown = async (name: string) => {
    const { body } = await call('GET', `/v2/task/${task.id}`)
    const { custom_fields: values } = z.looseObject({ custom_fields: z.array(fieldSchema) }).parse(body)
    return values.find((field) => field.id === named(name).id)
  }
  return { ...small, task, schema, fields, named, set, shown }
}

test('a list tells the fields of every type', async () => {
  const { fields } = await everyField()
  expect(fields.map(({ type }) => type)).toEqual(TYPES)
  expect(fields.find(({ type }) => type === 'drop_down')?.type_config.options).toMatchObject([
    { name: 'Red', orderindex: 0 },
    { name: 'Green', orderindex: 1 },
  ])
  expect(fields.find(({ type }) => type === 'labels')?.type_config.options).toMatchObject([
    { label: 'Red' },
    { label: 'Green' },
  ])
})

test('a value that does not fit is refused with the code that ClickUp has for it', async () => {
  const { set, world, other, actor, call, named } = await everyField()
  const wrong: [string, unknown, number, string][] = [
    ['drop_down', 'Red', 400, 'FIELD_011'],
    ['labels', ['Red'], 400, 'FIELD_011'],
    ['date', 'tomorrow', 500, 'FIELD_017'],
    ['number', 'many', 400, 'FIELD_342'],
    ['users', [1], 400, 'FIELD_342'],
    ['automatic_progress', 50, 400, 'FIELD_342'],
  ]
  for (const [name, value, status, code] of wrong) {
    expect(await set(name, value)).toMatchObject({ status, body: { ECODE: code } })
  }
  const place = { kind: 'list', id: other.id } as const
  const elsewhere = world.createField(actor, { name: 'Elsewhere', type: 'text', place })
  const task = world.createTask(actor, { listId: other.id, name: 'Two' })
  expect((await call('POST', `/v2/task/${task.id}/field/${elsewhere.id}`, { value: 'x' })).status).toBe(200)
  expect((await call('POST', `/v2/task/${task.id}/field/${named('text').id}`, { value: 'x' })).status).toBe(200)
  const one = world.tasks().find(({ name }) => name === 'One')
  expect(await call('POST', `/v2/task/${one?.id}/field/${elsewhere.id}`, { value: 'x' })).toMatchObject({
    status: 400,
    body: { ECODE: 'FIELD_115' },
  })
})

test('options that change make a remembered schema wrong: what is gone is refused and shown no more', async () => {
  const { world, actor, schema, named, set, shown } = await everyField()
  const [red, green] = named('drop_down').type_config.options ?? []
  expect((await set('drop_down', red?.id)).status).toBe(200)
  expect(
    (
      await set(
        'labels',
        named('labels').type_config.options?.map(({ id }) => id),
      )
    ).status,
  ).toBe(200)
  world.changeField(actor, named('drop_down').id, { name: 'Colour', options: ['Green', 'Blue'] })
  world.changeField(actor, named('labels').id, { options: ['Green'] })
  const fresh = (await schema()).find(({ name }) => name === 'Colour')
  expect(fresh?.type_config.options).toMatchObject([{ id: green?.id, name: 'Green' }, { name: 'Blue' }])
  expect(await shown('drop_down')).not.toHaveProperty('value')
  expect((await shown('labels'))?.value).toHaveLength(1)
  expect(await set('drop_down', red?.id)).toMatchObject({ status: 400, body: { ECODE: 'FIELD_011' } })
  expect((await set('drop_down', green?.id)).status).toBe(200)
  expect((await shown('drop_down'))?.value).toBe(0)
})

test('a field that was deleted is in no answer and takes no value', async () => {
  const { world, actor, schema, named, set, shown } = await everyField()
  await set('text', 'something')
  world.deleteField(actor, named('text').id)
  expect((await schema()).map(({ name }) => name)).not.toContain('text')
  expect(await shown('text')).toBeUndefined()
  expect(await set('text', 'again')).toMatchObject({ status: 400, body: { ECODE: 'FIELD_115' } })
})

test('a plan may have few uses of custom fields left', async () => {
  const { set } = await everyField({ faults: { fieldUsesLeft: 1 } })
  expect((await set('text', 'one')).status).toBe(200)
  expect(await set('text', 'two')).toMatchObject({ status: 403, body: { ECODE: 'FIELD_033' } })
})
