import { createHash } from 'node:crypto'
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { Change } from '../../../../core/ledger/change.ts'
import { dayKeys, keyOf } from '../../../../core/ledger/keys.ts'
import { createLedger } from '../../../../core/ledger/ledger.ts'
import type { Json } from '../../../../core/platform/json.ts'
import { BY_LIST, BY_SPACE, PK, resourceKey, SK, timePart, versionPart } from '../../../../core/platform/tables.ts'
import { reportSettingsSchema } from '../../../../core/report/settings.ts'
import { type FactSources, gatherMaterial } from '../../../../core/standup/facts/gather.ts'
import type { Fact, Material, Scope, Span } from '../../../../core/standup/material.ts'
import { saveSpace, saveSpaceIds } from '../../../../core/sync/hierarchy.ts'
import { saveMembers } from '../../../../core/sync/members.ts'
import { type Snapshot, UNKNOWN_FIELDS } from '../../../../core/tasks/snapshot.ts'
import { createTaskStore } from '../../../../core/tasks/store.ts'
import type { TimeEntry } from '../../../../core/tasks/time-entry.ts'
import { createWorklogStore } from '../../../../core/tasks/worklog.ts'
import type { startDynamo, Tables } from '../../../support/dynamo.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** A Friday morning in Berlin; the span before it is Thursday's. */
export const UNTIL = Date.UTC(2026, 10, 20, 8)
export const SPAN: Span = { from: UNTIL - DAY, until: UNTIL, timeZone: 'Europe/Berlin' }
export const ALL: Scope = { connection: 'main', lists: [], spaces: [] }

const TYPES: Readonly<Record<string, string>> = {
  'to do': 'open',
  'in progress': 'custom',
  review: 'custom',
  waiting: 'custom',
  done: 'done',
  closed: 'closed',
}
export const statusOf = (name: string) => ({ name, type: TYPES[name] ?? 'custom' })
const PRIORITIES = ['urgent', 'high', 'normal', 'low']
export const priorityOf = (name: string | null) =>
  name === null ? null : { id: String(PRIORITIES.indexOf(name) + 1), name }

export const ROADMAP = { id: '901', name: 'Roadmap' }
export const BUGS = { id: '902', name: 'Bugs' }
export const ATTIC = { id: '903', name: 'Attic' }
const PRODUCT = { id: '701', name: 'Product' }
const ARCHIVE = { id: '702', name: 'Archive' }
const SPACE_OF: Readonly<Record<string, { id: string; name: string }>> = {
  [ROADMAP.id]: PRODUCT,
  [BUGS.id]: PRODUCT,
  [ATTIC.id]: ARCHIVE,
}

export const aTask = (over: Partial<Snapshot> & { id: string }): Snapshot => ({
  ...UNKNOWN_FIELDS,
  name: `Task ${over.id}`,
  status: statusOf('in progress'),
  list: ROADMAP,
  space: SPACE_OF[over.list?.id ?? ROADMAP.id] ?? null,
  createdAt: UNTIL - 30 * DAY,
  updatedAt: UNTIL - HOUR,
  state: 'present',
  observedAt: UNTIL - HOUR,
  version: 1,
  incarnation: 0,
  ...over,
})

type Told = Partial<Omit<Change, 'resource'>> & { publishedAt?: number }
type Bulk = { tasks?: readonly Snapshot[]; changes?: readonly (Change & { publishedAt: number })[] }
let made = 0

/** A change of a task as a delivery tells it, published a second later. */
export function aChange(
  taskId: string,
  field: string,
  [before, after]: [Json, Json],
  at: number,
  { publishedAt = at + 1_000, ...over }: Told = {},
): Change & { publishedAt: number } {
  made += 1
  return {
    id: createHash('sha256').update(`${taskId} ${field} ${at} ${made}`).digest('hex'),
    connection: 'main',
    resource: { kind: 'task', id: taskId },
    ...{ field, customField: null, before, after, at, atEarliest: at },
    order: field === 'deletion' ? versionPart(0) : timePart(at),
    actor: { id: '11', name: 'Ann Meyer' },
    origin: 'webhook',
    receivedAt: at,
    listId: field === 'deletion' ? null : ROADMAP.id,
    publishedAt,
    ...over,
  }
}

export const moved = (taskId: string, from: string | null, to: string, at: number, over: Told = {}) =>
  aChange(taskId, 'status', [from === null ? null : statusOf(from), statusOf(to)], at, over)
export const born = (taskId: string, status: string, at: number, over: Told = {}) => [
  aChange(taskId, 'task_creation', [null, null], at, over),
  moved(taskId, null, status, at, over),
]
export const place = (list: { id: string; name: string }) => ({ list, folder: null, space: SPACE_OF[list.id] ?? null })

export const anEntry = (entryId: string, over: Partial<TimeEntry>): TimeEntry => ({
  ...{ entryId, taskId: null, userId: '11', startAt: UNTIL - 5 * HOUR, endAt: UNTIL - 4 * HOUR },
  ...{ durationMs: HOUR, running: false, deleted: false, changedAt: UNTIL - 4 * HOUR },
  ...{ revision: `${timePart(UNTIL - 4 * HOUR)}#living#${entryId}`, seen: [] },
  ...over,
})

export const SETTINGS: FactSources['settings'] = {
  blockers: { statuses: ['waiting', 'blocked'], tags: ['blocked', 'on hold'] },
  reports: reportSettingsSchema.parse({ timeZone: 'Europe/Berlin' }),
  maxInputTokens: 8_000,
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** Tables of its own with two spaces in them, and the real stores to put tasks, changes and time into them. */
export async function createWorld(embedded: Awaited<ReturnType<typeof startDynamo>>) {
  const { dynamo } = embedded
  const tables: Tables = await embedded.tables()
  const state = { dynamo, table: tables.state }
  const clock = { now: () => UNTIL }
  const store = createTaskStore({ dynamo, table: tables.tasks })
  const worklog = createWorklogStore({ dynamo, table: tables.tasks })
  const ledger = createLedger({ dynamo, table: tables.ledger, clock, owner: 'test', leaseMs: 1_000, keepDays: 400 })
  const list = (of: { id: string; name: string }) => ({
    ...{ ...of, archived: false, folderId: null, startAt: null, dueAt: null, taskCount: null },
  })
  const space = { archived: false, fields: {}, folders: [], listedAt: 1 }
  await saveSpace(state, 'main', { ...space, ...PRODUCT, lists: [list(ROADMAP), list(BUGS)] })
  await saveSpace(state, 'main', { ...space, ...ARCHIVE, lists: [list(ATTIC)] })
  await saveSpaceIds(state, 'main', { readAt: 1, spaceIds: [PRODUCT.id, ARCHIVE.id] })

  return {
    dynamo,
    tables,
    state,
    ledger,
    store,
    async tasks(...some: Snapshot[]): Promise<void> {
      for (const { id, state: is, observedAt, version: _v, incarnation: _i, ...fields } of some) {
        const seen = { kind: 'seen' as const, id, archived: is === 'archived', fields, observedAt }
        const snapshot = await store.record('main', seen, null)
        if (is === 'deleted' || is === 'outOfSight')
          await store.record('main', { kind: 'missing', id, state: is, observedAt: observedAt + 1 }, snapshot)
      }
    },
    async changes(...some: (Change & { publishedAt: number })[]): Promise<void> {
      for (const { publishedAt, ...change } of some) {
        await ledger.claim(change)
        await ledger.complete(change, publishedAt)
      }
    },
    /** Many at once, as the stores would have put them. */
    async bulk({ tasks: some = [], changes = [] }: Bulk): Promise<void> {
      const snapshots = some.map((task) => ({
        ...{ [PK]: resourceKey('main', 'task', task.id), [SK]: 'snapshot', ...task, schemaVersion: 1 },
        ...(task.list === null ? {} : { [BY_LIST.pk]: resourceKey('main', 'list', task.list.id) }),
        ...(task.space === null ? {} : { [BY_SPACE.pk]: resourceKey('main', 'space', task.space.id) }),
      }))
      const recorded = changes.map(({ order, ...change }) => ({
        ...{ ...keyOf({ order, ...change }), ...dayKeys(change.id, change.publishedAt), ...change },
        ...{ status: 'done', schemaVersion: 1 },
      }))
      const put = async (table: string, items: readonly object[]) => {
        for (let i = 0; i < items.length; i += 25) {
          const requests = items.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }))
          await dynamo.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }))
        }
      }
      await put(tables.tasks, snapshots)
      await put(tables.ledger, recorded)
    },
    async time(...some: TimeEntry[]): Promise<void> {
      for (const entry of some) await worklog.record('main', entry)
    },
    async members(...some: { id: string; name: string | null; email?: string }[]): Promise<void> {
      await saveMembers(state, 'main', { readAt: 1, members: some.map((each) => ({ role: 3, ...each })) })
    },
    material: ({
      scope = ALL,
      span = SPAN,
      settings = {},
      now = UNTIL + 5_000,
      dynamo: client = dynamo,
    }: {
      scope?: Scope
      span?: Span
      settings?: Partial<FactSources['settings']>
      now?: number
      dynamo?: typeof dynamo
    } = {}): Promise<Material> =>
      gatherMaterial({ dynamo: client, tables, settings: { ...SETTINGS, ...settings } }, { scope, span, now }),
  }
}

/** Facts of a material by kind, with ids instead of refs, without their own ids and those of changes. */
export const told = (material: Material, ...kinds: Fact['kind'][]): Record<string, unknown>[] =>
  material.facts
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ id: _id, changeIds: _changes, task, ...detail }) => ({
      ...(task === null ? {} : { task: material.tasks.get(task)?.id }),
      ...detail,
      ...('by' in detail ? { by: detail.by === null ? null : material.people.get(detail.by)?.name } : {}),
      ...('person' in detail ? { person: material.people.get(detail.person)?.name } : {}),
      ...('tasks' in detail ? { tasks: detail.tasks.map((ref) => material.tasks.get(ref)?.id) } : {}),
    }))
