import { describe, expect, it } from 'vitest'
import { typedValue } from '../../core/clickup/custom-fields.ts'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { observe } from '../../core/tasks/observe.ts'
import { taskAnswer } from '../support/upstream.ts'

const read = (answer: unknown, observedAt = 1000, emails = false) =>
  observationOf(taskAnswerSchema.parse(answer), observedAt, emails)

const OPTIONS = [
  { id: 'opt-a', name: 'A', orderindex: 0 },
  { id: 'opt-b', name: 'B', orderindex: 1 },
]

describe('a task as ClickUp answers with it', () => {
  it('becomes a snapshot in our own terms', () => {
    const snapshot = observe(null, read(taskAnswer('abc', { time_estimate: '8640000', points: 3, archived: true })))
    expect(snapshot).toMatchObject({
      id: 'abc',
      state: 'archived',
      status: { name: 'in progress', type: 'custom' },
      priority: { id: '2', name: 'high' },
      assignees: [{ id: '184', name: 'Sam' }],
      list: { id: '901', name: 'Roadmap' },
      folder: { id: '801', name: 'Product', hidden: false },
      space: { id: '701', name: null },
      tags: ['urgent'],
      dueAt: 1_790_000_000_000,
      timeEstimateMs: 8_640_000,
      points: 3,
      updatedAt: 1_789_000_000_000,
      observedAt: 1000,
      version: 1,
    })
    expect(JSON.stringify(snapshot)).not.toContain('@')
  })

  it('keeps e-mail addresses where configured', () => {
    expect(JSON.stringify(read(taskAnswer('abc'), 1000, true))).toContain('sam@example.test')
  })

  it('keeps what a shorter answer does not carry, and clears what it carries as empty', () => {
    const full = observe(null, read(taskAnswer('abc', { linked_tasks: [{ task_id: 'abc', link_id: 'xyz' }] })))
    const {
      linked_tasks: _linked,
      tags: _tags,
      ...short
    } = taskAnswer('abc', { assignees: [], date_updated: '1789000000001' })
    const next = observe(full, read(short, 2000))
    expect(next).toMatchObject({ linkedTaskIds: ['xyz'], tags: ['urgent'], assignees: [], version: 2 })
  })

  it('leaves out the long value of a custom field as the ledger does', () => {
    const field = { id: 'f1', name: 'Notes', type: 'text', value: 'x'.repeat(100_000) }
    const snapshot = observe(null, read(taskAnswer('abc', { custom_fields: [field] })))
    expect(snapshot?.customFields).toMatchObject([{ id: 'f1', value: { omitted: 'too large', bytes: 100_002 } }])
  })

  it('keeps what it knew of a key that comes in an odd form', () => {
    const full = observe(null, read(taskAnswer('abc')))
    const odd = taskAnswer('abc', {
      status: null,
      folder: null,
      assignees: 'Sam',
      tags: [{}],
      date_updated: '1789000000001',
    })
    expect(observe(full, read(odd, 2000))).toMatchObject({
      status: { name: 'in progress' },
      folder: { id: '801' },
      assignees: [{ id: '184' }],
      tags: ['urgent'],
      version: 2,
    })
  })

  it('survives values nobody expects', () => {
    expect(
      read({
        id: 86,
        name: 'n',
        points: 'three',
        time_estimate: 'x',
        due_date: 'never',
        custom_fields: [{ id: 1, type: 'new', value: { a: 1 } }],
      }),
    ).toMatchObject({
      id: '86',
      fields: {
        points: null,
        timeEstimateMs: null,
        dueAt: null,
        customFields: [{ id: '1', type: 'new', value: { a: 1 } }],
      },
    })
  })
})

describe('the value of a custom field', () => {
  it.each([
    ['a dropdown by index', 'drop_down', 1, { id: 'opt-b', name: 'B' }],
    ['a dropdown by index as text', 'drop_down', '0', { id: 'opt-a', name: 'A' }],
    ['a dropdown by option id', 'drop_down', 'opt-b', { id: 'opt-b', name: 'B' }],
    ['a dropdown with an option that is gone', 'drop_down', 'opt-z', 'opt-z'],
    [
      'labels',
      'labels',
      ['opt-a', 'opt-b'],
      [
        { id: 'opt-a', name: 'A' },
        { id: 'opt-b', name: 'B' },
      ],
    ],
    ['a number as text', 'number', '12.5', 12.5],
    ['money', 'currency', 900, 900],
    ['a date', 'date', '1789000000000', 1_789_000_000_000],
    ['a ticked box', 'checkbox', 'true', true],
    ['an unticked box', 'checkbox', false, false],
    ['people', 'users', [{ id: 183, username: 'Kim', email: 'kim@example.test' }], [{ id: '183', name: 'Kim' }]],
    ['tasks', 'tasks', [{ id: 'abc', name: 'Other', status: 'x' }], [{ id: 'abc', name: 'Other' }]],
    ['text', 'short_text', 'hello', 'hello'],
    ['nothing', 'short_text', undefined, null],
    ['an emptied text', 'text', '', null],
    ['a type nobody knows', 'hologram', { x: 1, by: { email: 'kim@example.test' } }, { x: 1, by: {} }],
  ])('is typed: %s', (_, type, value, expected) => {
    expect(typedValue({ id: 'f', name: 'F', type, type_config: { options: OPTIONS } }, value, false)).toEqual(expected)
  })
})

it('a field whose value is nested deeper than the stack is left out, and the rest of the task is as good as ever', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  const field = { id: 'f', name: 'F', type: 'text', value: deep }
  const { fields } = { fields: {}, ...read(taskAnswer('abc', { custom_fields: [field] })) }
  expect(fields).toMatchObject({
    name: 'Task abc',
    customFields: [{ id: 'f', name: 'F', type: 'text', value: { omitted: 'too large' } }],
  })
})
