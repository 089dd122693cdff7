import { expect, test } from 'vitest'
import { type KnownPlaces, resolve, statusValue } from '../../core/subscribe/known-places.ts'
import { patternOf } from '../../core/subscribe/pattern.ts'
import { fieldsOf, type Wanted } from '../../core/subscribe/wanted.ts'
import { testPattern } from '../../local/aws/events/test-pattern.ts'

const NOTHING: Wanted = {
  ...{ fields: [], types: [], from: undefined, to: undefined, customField: undefined },
  ...{ lists: [], folders: [], spaces: [], connections: [], origins: [], notOrigins: [], notOwn: false },
}

/** Whether the pattern of what is wanted matches an event of a task with this detail. */
function matches(wanted: Partial<Wanted>, detailType: string, detail: Record<string, unknown>): boolean {
  const event = {
    ...{ id: 'e', account: '1', source: 'hookline', time: '2026-03-01T12:00:00Z', region: 'eu-west-1' },
    ...{ resources: ['main/task/86c1'], 'detail-type': detailType },
    detail: {
      ...{ connection: 'main', resource: { kind: 'task', id: '86c1' }, customField: null, before: null, after: null },
      ...{ origin: 'webhook', actor: { id: '7', name: 'Ada', isSelf: false } },
      location: {
        space: { id: '3', name: null },
        folder: { id: '2', name: 'Web' },
        list: { id: '901', name: 'Roadmap' },
      },
      ...detail,
    },
  }
  return testPattern({
    EventPattern: JSON.stringify(patternOf({ ...NOTHING, ...wanted })),
    Event: JSON.stringify(event),
  })
}

const done = { field: 'status', before: { name: 'open', type: 'open' }, after: { name: 'Done', type: 'closed' } }

test('a status by its name, in any case, and by its type', () => {
  const status = (wanted: Partial<Wanted>) => matches({ fields: ['status'], ...wanted }, 'Task Status Changed', done)
  expect(status({ to: 'dONE' })).toBe(true)
  expect(status({ to: 'shipped' })).toBe(false)
  expect(status({ to: 'type:done' })).toBe(true)
  expect(status({ from: 'OPEN', to: 'done' })).toBe(true)
  expect(status({ from: 'type:custom', to: 'done' })).toBe(false)
  expect(matches({ fields: ['status'], to: 'done' }, 'Task Name Changed', done)).toBe(false)
})

test.each<[word: string, to: string, type: string, after: unknown, fits: boolean]>([
  ['priority', 'urgent', 'Task Priority Changed', { id: '1', name: 'urgent' }, true],
  ['priority', 'none', 'Task Priority Changed', null, true],
  ['priority', 'none', 'Task Priority Changed', { id: '1', name: 'urgent' }, false],
  ['priority', 'any', 'Task Priority Changed', { id: '1', name: 'urgent' }, true],
  ['priority', 'any', 'Task Priority Changed', null, false],
  ['assignee', '7', 'Task Assignee Added', { id: '7', name: 'Ada' }, true],
  ['assignee', '8', 'Task Assignee Added', { id: '7', name: 'Ada' }, false],
  ['watcher', 'ada', 'Task Watcher Added', { id: '7', name: 'Ada' }, true],
  ['tag', 'Billing', 'Task Tags Changed', ['x', 'billing'], true],
  ['tag', 'bill', 'Task Tags Changed', ['x', 'billing'], false],
  ['list', '902', 'Task Moved', { list: { id: '902', name: 'B' }, folder: null, space: null }, true],
  ['points', '5', 'Task Points Changed', 5, true],
  ['points', '5', 'Task Points Changed', 50, false],
  ['due date', 'none', 'Task Due Date Changed', null, true],
  ['due date', '1789000000000', 'Task Due Date Changed', 1_789_000_000_000, true],
  ['custom_field', 'business', 'Task Custom Field Changed', { id: 'x', name: 'Business' }, true],
  ['custom_field', 'business', 'Task Custom Field Changed', [{ id: 'x', name: 'Business' }], true],
  ['custom_field', 'business', 'Task Custom Field Changed', 'BUSINESS', true],
  ['custom_field', '5', 'Task Custom Field Changed', 5, true],
  ['custom_field', 'true', 'Task Custom Field Changed', true, true],
  ['custom_field', 'true', 'Task Custom Field Changed', false, false],
  ['name', 'rename me', 'Task Name Changed', 'Rename me', true],
])('%s to %s', (word, to, type, after, fits) => {
  const fields = fieldsOf(word)
  expect(matches({ fields, to }, type, { field: fields[0], after })).toBe(fits)
  expect(matches({ fields, from: to }, type, { field: fields[0], before: after })).toBe(fits)
})

test('both sides of a custom field hold together, whatever its type', () => {
  const wanted = { fields: ['custom_field'], customField: 'plan', from: 'free', to: 'business' }
  const change = (before: unknown, after: unknown) =>
    matches(wanted, 'Task Custom Field Changed', {
      ...{ field: 'custom_field', before, after },
      customField: { id: 'f', name: 'Plan', type: 'drop_down' },
    })
  expect(change({ id: 'a', name: 'Free' }, { id: 'b', name: 'Business' })).toBe(true)
  expect(change('free', 'business')).toBe(true)
  expect(change({ id: 'a', name: 'Other' }, { id: 'b', name: 'Business' })).toBe(false)
})

test('places, connections and origins', () => {
  const fits = (wanted: Partial<Wanted>, detail = {}) => matches(wanted, 'Task Status Changed', { ...done, ...detail })
  expect(fits({ lists: ['901', '5'], spaces: ['3'] })).toBe(true)
  expect(fits({ lists: ['5'] })).toBe(false)
  expect(fits({ lists: ['901'], folders: ['9'] })).toBe(false)
  expect(fits({ connections: ['main'] })).toBe(true)
  expect(fits({ connections: ['other'] })).toBe(false)
  expect(fits({ notOrigins: ['replay'] })).toBe(true)
  expect(fits({ notOrigins: ['replay'] }, { origin: 'replay' })).toBe(false)
  expect(fits({ origins: ['sweep'] })).toBe(false)
})

test("one's own changes are left out, and those without an actor are not", () => {
  const fits = (actor: unknown) => matches({ notOwn: true }, 'Task Status Changed', { ...done, actor })
  expect(fits({ id: '1', name: null, isSelf: true })).toBe(false)
  expect(fits({ id: '1', name: null, isSelf: false })).toBe(true)
  expect(fits({ id: '1', name: null, isSelf: null })).toBe(true)
  expect(fits(null)).toBe(true)
})

test('a field that Hookline has no name for is told by its field', () => {
  const fits = (field: string) => matches({ fields: ['sprint_goal'] }, 'Task Field Changed', { field })
  expect(fits('sprint_goal')).toBe(true)
  expect(fits('another')).toBe(false)
  expect(matches({ fields: ['tag_removed'] }, 'Task Tags Changed', { field: 'tag' })).toBe(false)
})

const known: KnownPlaces = {
  list: [
    { id: '901', name: 'Roadmap' },
    { id: '902', name: 'Inbox' },
    { id: '903', name: 'inbox' },
  ],
  ...{ folder: [], space: [], people: [] },
  statuses: [
    { name: 'shipped', type: 'done' },
    { name: 'to do', type: 'open' },
  ],
}

test('names become ids, and what is not clear is said', () => {
  expect(resolve('roadmap ', known.list)).toEqual({ kind: 'found', id: '901', name: 'Roadmap' })
  expect(resolve('902', known.list)).toMatchObject({ kind: 'found', id: '902' })
  expect(resolve('INBOX', known.list)).toEqual({ kind: 'ambiguous', ids: ['902', '903'] })
  expect(resolve('777', known.list)).toEqual({ kind: 'unlisted', id: '777' })
  expect(resolve('Backlog', known.list)).toEqual({ kind: 'unknown', names: ['Roadmap', 'Inbox', 'inbox'] })
})

test('done is a name where some space has it, else the type', () => {
  expect(statusValue('done', known)).toEqual({ value: 'type:done', isKnown: true })
  expect(statusValue('Shipped', known)).toEqual({ value: 'Shipped', isKnown: true })
  expect(statusValue('nowhere', known)).toEqual({ value: 'nowhere', isKnown: false })
  const withDone = { ...known, statuses: [...known.statuses, { name: 'Done', type: 'closed' }] }
  expect(statusValue('done', withDone)).toEqual({ value: 'done', isKnown: true })
})
