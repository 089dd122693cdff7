import { describe, expect, it } from 'vitest'
import { tell } from '../../core/clickup/changes.ts'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { changeEventSchema, eventOf } from '../../core/publish/event.ts'
import { observe } from '../../core/tasks/observe.ts'
import { AT, change, event, snapshot } from './events.ts'

describe('the event of a change', () => {
  it('is what the schema says, with nothing beside it', () => {
    for (const each of [
      event(),
      event({ actor: null, listId: null }, { task: null }),
      event({
        field: 'custom_field',
        customField: { id: 'f1', name: 'Plan', type: 'drop_down' },
        after: { id: 'o1', name: 'Yearly' },
      }),
      event({ resource: { kind: 'doc', id: '8' }, field: 'event', after: { any: ['thing', 1, null] } }, { task: null }),
    ]) {
      expect(changeEventSchema.parse(each)).toEqual(each)
      expect(JSON.parse(JSON.stringify(each))).toEqual(each)
    }
  })

  it('carries the change as it is', () => {
    const { id, order: _order, listId: _listId, actor: _actor, ...told } = change({ atEarliest: AT - 60_000 })
    expect(event({ atEarliest: AT - 60_000 })).toMatchObject({ changeId: id, ...told })
  })

  it('carries the task with the time of its reading, and not how Hookline keeps it', () => {
    const { task } = event()
    expect(task).toMatchObject({ id: 'abc', name: 'Checkout', state: 'present', asOf: AT + 2_000, version: 3 })
    for (const own of ['observedAt', 'incarnation', 'fields', 'outbox']) expect(task).not.toHaveProperty(own)
  })

  it('is placed where the task is, or at least in the list that the delivery named', () => {
    expect(event().location).toEqual({
      space: { id: '700', name: null },
      folder: { id: '800', name: 'Shop' },
      list: { id: '900', name: 'Inbox' },
    })
    expect(event({}, { task: null }).location).toEqual({ space: null, folder: null, list: { id: '901', name: null } })
    expect(event({ listId: null }, { task: null }).location).toEqual({ space: null, folder: null, list: null })
  })

  it("tells the connection's own user from others", () => {
    expect(event({}, { selfId: '7' }).actor).toEqual({ id: '7', name: 'Kim', isSelf: true })
    expect(event({}, { selfId: '8' }).actor).toEqual({ id: '7', name: 'Kim', isSelf: false })
    expect(event({ actor: null }, { selfId: '7' }).actor).toBeNull()
    expect(event({}, { selfId: null }).actor).toEqual({ id: '7', name: 'Kim', isSelf: null })
  })

  it('names the values that were too large before it was made', () => {
    const note = { omitted: 'too large', bytes: 70_000, sha256: 'a'.repeat(64) }
    expect(event({ after: note })).toMatchObject({ after: note, omitted: ['after'] })
    expect(event({ before: note, after: note }).omitted).toEqual(['before', 'after'])
  })
})

describe('e-mail addresses and comment texts', () => {
  const person = (id: number) => ({ id, username: `Person ${id}`, email: `person${id}@example.test`, initials: 'P' })
  const field = { id: 'f1', name: 'Reviewers', type: 'users', type_config: {} }
  const item = (over: object) => ({ id: '1', date: String(AT), user: person(1), before: null, after: null, ...over })
  const DELIVERY = {
    event: 'taskUpdated',
    task_id: 'abc',
    history_items: [
      item({ field: 'assignee_add', after: person(2) }),
      item({ field: 'assignee_rem', before: person(2) }),
      item({ field: 'watcher_add', after: person(2) }),
      item({ field: 'something_new', after: { deep: [{ who: person(3) }] } }),
      item({ field: 'custom_field', after: [person(4)], custom_field: field }),
      item({
        field: 'comment',
        after: '55',
        comment: { id: '55', text_content: 'the text', comment: [], user: person(5) },
      }),
    ],
  }
  const ANSWER = {
    id: 'abc',
    assignees: [person(2)],
    watchers: [person(3)],
    creator: person(4),
    custom_fields: [{ ...field, value: [person(5)] }],
  }

  function eventsFor(choice: Pick<Connection, 'storeEmails' | 'storeComments'>): string {
    const connection = { name: 'main', filter: {}, ...choice }
    const told = tell(JSON.stringify(DELIVERY), { connection, receivedAt: AT, slim: false })
    const seen = observationOf(taskAnswerSchema.parse(ANSWER), AT, choice.storeEmails)
    const task = observe(null, seen)
    if (told.kind !== 'changes') throw new Error(told.kind)
    const events = told.changes.map((each) => eventOf(each, { task, selfId: null, publishedAt: AT }))
    expect(events).toHaveLength(DELIVERY.history_items.length)
    return JSON.stringify(events)
  }

  it('are absent', () => {
    const text = eventsFor({ storeEmails: false, storeComments: false })
    expect(text).toContain('Person 2')
    expect(text).not.toContain('@example.test')
    expect(text).not.toContain('the text')
  })

  it('are there when they are configured, each by itself', () => {
    const emails = eventsFor({ storeEmails: true, storeComments: false })
    for (const id of [1, 2, 3, 4]) expect(emails).toContain(`person${id}@example.test`)
    expect(emails).not.toContain('the text')
    const comments = eventsFor({ storeEmails: false, storeComments: true })
    expect(comments).toContain('the text')
    expect(comments).not.toContain('@example.test')
  })
})

it('a snapshot of which nothing is known makes an event all the same', () => {
  const task = observe(null, { kind: 'missing', id: 'abc', state: 'deleted', observedAt: AT })
  const made = eventOf(change({ field: 'deletion', before: null, after: null }), {
    task,
    selfId: null,
    publishedAt: AT,
  })
  expect(changeEventSchema.parse(made).task).toMatchObject({ id: 'abc', name: null, state: 'deleted', asOf: AT })
  expect(snapshot().state).toBe('present')
})
