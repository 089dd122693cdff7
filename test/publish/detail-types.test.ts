import { describe, expect, it } from 'vitest'
import { readPlace } from '../../core/clickup/places.ts'
import { taskChangeOf } from '../../core/process/look/task-change.ts'
import {
  DETAIL_TYPES,
  detailTypeOf,
  OTHER_TASK_FIELD,
  PLACE_KINDS,
  PLACE_VERBS,
  TASK_DETAIL_TYPES,
  UNKNOWN_RESOURCE,
} from '../../core/publish/detail-types.ts'
import { factsOfSnapshot } from '../../core/tasks/facts.ts'
import { baseline } from '../../core/tasks/known.ts'
import { AT, snapshot } from './events.ts'

const ofTask = (field: string) => detailTypeOf({ resource: { kind: 'task', id: 'abc' }, field })

describe('a task', () => {
  /** The fields of the deliveries that ClickUp documents or has been seen to send. */
  it.each([
    'status',
    'task_creation',
    'content',
    'name',
    'custom_field',
    'priority',
    'assignee_add',
    'assignee_rem',
    'watcher_add',
    'watcher_rem',
    'due_date',
    'start_date',
    'tag',
    'section_moved',
    'comment',
    'time_estimate',
    'time_spent',
    'points',
    'parent',
  ])('has a detail type for %s', (field) => {
    expect(ofTask(field)).not.toBe(OTHER_TASK_FIELD)
  })

  it('has one for everything that a look can find different', () => {
    const task = snapshot({
      assignees: [{ id: '1', name: 'Kim' }],
      tags: ['urgent'],
      customFields: [{ id: 'f1', name: 'Plan', type: 'text', value: 'x' }],
    })
    const connection = { name: 'main', filter: {}, storeComments: false, storeEmails: false }
    const keys = [...factsOfSnapshot(task).keys()]
    expect(keys.length).toBeGreaterThan(10)
    for (const key of keys) {
      const difference = { key, before: null, after: 'other', since: 0 }
      const known = baseline(new Map())
      const { field } = taskChangeOf(difference, { task, known, connection, receivedAt: AT })
      expect([key, ofTask(field)]).not.toEqual([key, OTHER_TASK_FIELD])
    }
  })

  it('has the general one for a field that nobody knows yet, whatever it is called', () => {
    for (const field of ['cover_image', 'Status', '', 'constructor', 'toString', '__proto__']) {
      expect([field, ofTask(field)]).toEqual([field, OTHER_TASK_FIELD])
    }
  })
})

describe('a list, folder, space or goal', () => {
  const answers: Record<string, object> = {
    list: { id: '1', name: 'L' },
    folder: { id: '1', name: 'F' },
    space: { id: '1', name: 'S' },
    goal: { goal: { id: '1', name: 'G' } },
  }

  it.each(Object.entries(PLACE_KINDS))(
    '%s: every field that is looked at has a type that is listed',
    async (kind, name) => {
      const read = await readPlace(
        {
          get: async (_path, schema) => ({ kind: 'ok', value: schema.parse(answers[kind]), observedAt: AT }),
        },
        { kind, id: '1' },
      )
      if (read.kind !== 'ok') throw new Error(read.kind)
      const fields = [...Object.keys(read.value), ...Object.keys(PLACE_VERBS), 'new_field']
      for (const field of fields) {
        const type = detailTypeOf({ resource: { kind, id: '1' }, field })
        expect(DETAIL_TYPES).toContain(type)
        expect(type.startsWith(`${name} `)).toBe(true)
      }
      expect(detailTypeOf({ resource: { kind, id: '1' }, field: 'deletion' })).toBe(`${name} Deleted`)
    },
  )
})

it('anything else is a resource that changed', () => {
  for (const kind of ['doc', 'workspace', 'constructor', '__proto__']) {
    expect([kind, detailTypeOf({ resource: { kind, id: '1' }, field: 'event' })]).toEqual([kind, UNKNOWN_RESOURCE])
  }
})

it('the list holds every type once, short enough for the bus', () => {
  expect(new Set(DETAIL_TYPES).size).toBe(DETAIL_TYPES.length)
  for (const type of Object.values(TASK_DETAIL_TYPES)) expect(DETAIL_TYPES).toContain(type)
  for (const type of DETAIL_TYPES) expect(type).toMatch(/^[A-Z][A-Za-z ]{1,127}$/)
})
