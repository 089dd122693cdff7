import type { Change } from '../../core/ledger/change.ts'
import { type ChangeEvent, type EventContext, eventOf } from '../../core/publish/event.ts'
import { type Snapshot, UNKNOWN_FIELDS } from '../../core/tasks/snapshot.ts'

export const AT = 1_789_000_000_000

export const change = (over: Partial<Change> = {}): Change => ({
  id: 'c'.repeat(64),
  connection: 'main',
  resource: { kind: 'task', id: 'abc' },
  field: 'status',
  customField: null,
  before: { name: 'to do', type: 'open' },
  after: { name: 'shipped', type: 'done' },
  at: AT,
  atEarliest: AT,
  order: String(AT),
  actor: { id: '7', name: 'Kim' },
  origin: 'webhook',
  receivedAt: AT + 1_000,
  listId: '901',
  ...over,
})

export const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  ...UNKNOWN_FIELDS,
  id: 'abc',
  name: 'Checkout',
  list: { id: '900', name: 'Inbox' },
  folder: { id: '800', name: 'Shop', hidden: false },
  space: { id: '700', name: null },
  state: 'present',
  observedAt: AT + 2_000,
  version: 3,
  incarnation: 0,
  ...over,
})

export const event = (over: Partial<Change> = {}, context: Partial<EventContext> = {}): ChangeEvent =>
  eventOf(change(over), { task: snapshot(), selfId: null, publishedAt: AT + 3_000, ...context })
