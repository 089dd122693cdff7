import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { loadConnection, saveConnection } from '../../core/clickup/connection-record.ts'
import { createFieldSchemas } from '../../core/clickup/field-schemas.ts'
import { loadWebhooks, openSession } from '../../core/guard/state.ts'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { beginPause } from '../../core/pause/change.ts'
import { loadPause } from '../../core/pause/pause.ts'
import { createDesk } from '../../core/process/expansion/desk.ts'
import { createPartStore, NO_TALLY } from '../../core/process/found/parts.ts'
import { createPending } from '../../core/process/pending.ts'
import { createUnwanted } from '../../core/process/unwanted.ts'
import { loadReport, saveReport } from '../../core/rotation/report.ts'
import type { Choice } from '../../core/standup/choice.ts'
import type { Occasion } from '../../core/standup/deliver/occasion.ts'
import { loadOccasion, openOccasion } from '../../core/standup/deliver/store.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import { loadClickUpStatus, loadPulse, saveClickUpStatus, savePulse } from '../../core/status/pulse.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { loadHierarchy, saveSpace, saveSpaceIds } from '../../core/sync/hierarchy.ts'
import { loadMembers, saveMembers } from '../../core/sync/members.ts'
import { censusRuns } from '../../core/sync/run-store.ts'
import { createEntryHomes } from '../../core/tasks/entry-homes.ts'
import { baseline } from '../../core/tasks/known.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createOwedStore } from '../../core/tasks/owed-store.ts'
import { createStatusTimesStore } from '../../core/tasks/status-times.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { revisionOf } from '../../core/tasks/time-entry.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { changeOf } from '../../core/upstream/change.ts'
import { createUpstreamStore } from '../../core/upstream/store.ts'
import type { Tables } from '../support/dynamo.ts'

const T = 1_789_000_000_000
const MAIN = 'main'
const TASK = { kind: 'task', id: 't1' }
const clock = { now: () => T }

export type Where = { dynamo: DynamoDBDocumentClient } & Tables
/** One kind of item: the module that writes it, how it comes to be, and how it is read. */
export type Case = { by: string; what: string; write(): Promise<unknown>; read(): Promise<unknown> }

const change: Change = {
  ...{ id: 'a1'.repeat(16), connection: MAIN, resource: TASK, field: 'status', customField: null, before: 'open' },
  ...{
    after: 'done',
    at: T,
    atEarliest: T,
    order: String(T),
    actor: null,
    origin: 'webhook',
    receivedAt: T,
    listId: null,
  },
}

const entry = {
  ...{ entryId: '100', taskId: 't1', userId: '7', startAt: T, endAt: T + 1, durationMs: 1, running: false },
  ...{ deleted: false, changedAt: T, revision: revisionOf(T, { deleted: false, by: 'x' }), seen: [] },
}

const occasion: Occasion = {
  ...{ kind: 'summary', connection: MAIN, name: 'platform', prompt: 'standup/v1', on: '2026-11-21' },
}

const choice: Choice = {
  ...{ value: 'o1', changeIds: ['c1'], taskIds: ['t1'], tokens: { input: 1, output: 1 }, costUsd: 0.1, madeAt: T },
  by: { kind: 'model', provider: 'bedrock', model: 'm', prompt: 'field/v1' },
}

/** Every kind of item that is kept, by the stores that keep it. */
export function casesOf({ dynamo, ledger, tasks, state }: Where): Case[] {
  const inState = { dynamo, table: state }
  const inTasks = { dynamo, table: tasks }
  const book = createLedger({ dynamo, table: ledger, clock, owner: 'me', leaseMs: 1_000, keepDays: 400 })
  const taskStore = createTaskStore(inTasks)
  const known = createKnownStore({ dynamo, tasksTable: tasks, stateTable: state })
  const statusTimes = createStatusTimesStore(inTasks)
  const worklog = createWorklogStore(inTasks)
  const homes = createEntryHomes(inTasks)
  const owed = createOwedStore(inTasks)
  const desk = createDesk({ ...inState, connection: MAIN })
  const parts = createPartStore({ ...inState, connection: MAIN })
  const pending = createPending({ ...inState, connection: MAIN })
  const unwanted = createUnwanted({ ...inState, connection: MAIN })
  const upstream = createUpstreamStore(inState, MAIN)
  const gaps = createGapStore(inState)
  const census = censusRuns(inState, MAIN)
  const spending = createSpending({ ...inState, clock }, { dayUsd: 1, monthUsd: 10 })
  let asked = 0
  const fields = createFieldSchemas({
    ...{ state: inState, connection: MAIN, clock },
    clickup: {
      // Asked again, it tells of one more: that shows who asked.
      get: async (_path, schema) => {
        asked += 1
        const all = Array.from({ length: asked }, (_, i) => ({ id: `f${i}`, name: 'n', type: 'short_text' }))
        return { kind: 'ok', value: schema.parse({ fields: all }), observedAt: T }
      },
    },
  })
  return [
    {
      by: 'core/ledger/ledger.ts',
      what: 'a change that is done',
      write: async () => {
        await book.claim(change)
        await book.complete(change, T)
      },
      read: () => book.doneSince(TASK, MAIN, 0),
    },
    {
      by: 'core/tasks/store.ts',
      what: 'a snapshot',
      write: () =>
        taskStore.record(MAIN, { kind: 'seen', id: 't1', archived: false, observedAt: T, fields: { name: 'n' } }, null),
      read: async () => (await taskStore.load(MAIN, ['t1'])).get('t1')?.snapshot ?? null,
    },
    {
      by: 'core/tasks/known-store.ts',
      what: 'what is accounted of a task',
      write: () => known.save(MAIN, TASK, baseline(new Map([['status', 'open']])), null),
      read: () => known.load(MAIN, TASK),
    },
    {
      by: 'core/tasks/status-times.ts',
      what: 'times in status',
      write: () =>
        statusTimes.put(MAIN, {
          ...{ taskId: 't1', asOf: T, current: { status: 'open', since: 1, minutes: 2 } },
          history: [{ status: 'open', type: 'open', minutes: 2, since: 1, orderindex: 0 }],
        }),
      read: () => statusTimes.load(MAIN, 't1'),
    },
    {
      by: 'core/tasks/worklog.ts',
      what: 'a time entry',
      write: () => worklog.record(MAIN, entry),
      read: async () => (await worklog.ofTask(MAIN, 't1')).at(0) ?? null,
    },
    {
      by: 'core/tasks/entry-homes.ts',
      what: 'where a time entry stands',
      write: () => homes.put(MAIN, '100', [{ pk: 'p', sk: 's' }], undefined),
      read: async () => (await homes.load(MAIN, ['100'])).get('100') ?? null,
    },
    {
      by: 'core/tasks/owed-store.ts',
      what: 'a task that is owed',
      write: () => owed.add(MAIN, { id: 't1', since: T }),
      read: () => owed.list(MAIN, 5),
    },
    {
      by: 'core/process/expansion/desk.ts',
      what: 'the desk',
      write: async () => desk.begin(['task#t1'], { now: T, since: T - 1 }, await desk.look()),
      read: async () => (await desk.look()).reads,
    },
    {
      by: 'core/process/found/parts.ts',
      what: 'the parts of a run',
      write: async () => {
        await parts.begin('sweep', 'r')
        await parts.open('sweep', 'r', [1, 2], T)
        await parts.done({ job: 'sweep', run: 'r', number: 1, sentAt: T }, { ...NO_TALLY, tasks: 3 })
      },
      read: () => parts.load('sweep'),
    },
    {
      by: 'core/process/pending.ts',
      what: 'what waits',
      write: () => pending.note({ heardAt: T, waits: [{ receivedAt: T, until: T + 60_000 }] }),
      read: () => pending.load(),
    },
    {
      by: 'core/process/unwanted.ts',
      what: 'lists that nobody wants',
      write: () => unwanted.remember(['l1'], T),
      read: async () => Object.fromEntries(await unwanted.lists()),
    },
    {
      by: 'core/upstream/store.ts',
      what: 'the breaker',
      write: () =>
        upstream.apply(
          changeOf({
            set: [{ path: ['breaker'], value: { failures: 1, firstAt: T, probes: 0, probeAt: null } }],
            when: [{ path: ['breaker'], is: null }],
          }),
        ),
      read: () => upstream.load(),
    },
    {
      by: 'core/sync/gaps.ts',
      what: 'gaps',
      write: () =>
        gaps.revise(MAIN, () => [
          {
            ...{ id: 'g', cause: 'silent', from: 1, to: null, detail: 'd', givenUp: null, sweptAt: null },
            repaired: { tasks: 0, changes: 0, timeEntries: 0, places: 0 },
          },
        ]),
      read: () => gaps.list(MAIN),
    },
    {
      by: 'core/sync/run-store.ts',
      what: 'a run',
      write: () =>
        census.save({
          ...{ version: 0, run: 'r', startedAt: T, updatedAt: T, endedAt: null, heldUntil: 0, calls: 0, parts: 0 },
          ...{ note: null, remark: null, settlingSince: 0, phase: 'lists', lists: ['l'], page: 0, archived: false },
          ...{ seen: [], asked: null, openTasks: 0, livingTasks: 0, countedLists: 0, countedTasks: 0, deleted: 0 },
          ...{ outOfSight: 0, there: 0, changed: 0, held: [], differing: [] },
        }),
      read: () => census.load(),
    },
    {
      by: 'core/sync/members.ts',
      what: 'members',
      write: () => saveMembers(inState, MAIN, { readAt: T, members: [{ id: '7', name: 'n', role: 1 }] }),
      read: () => loadMembers(inState, MAIN),
    },
    {
      by: 'core/sync/hierarchy.ts',
      what: 'spaces',
      write: async () => {
        await saveSpace(inState, MAIN, {
          ...{ id: 's1', name: 'n', archived: false, fields: {}, folders: [], lists: [], listedAt: T },
        })
        await saveSpaceIds(inState, MAIN, { readAt: T, spaceIds: ['s1'] })
      },
      read: () => loadHierarchy(inState, MAIN),
    },
    {
      by: 'core/clickup/connection-record.ts',
      what: 'a connection',
      write: () => saveConnection(inState, MAIN, { workspaceId: 'w', userId: '7', mode: 'webhook' }),
      read: () => loadConnection(inState, MAIN),
    },
    {
      by: 'core/clickup/field-schemas.ts',
      what: 'custom fields of a list',
      write: () => fields.of('l1'),
      read: () => fields.refresh('l1', T - 1),
    },
    {
      by: 'core/guard/state.ts',
      what: 'webhooks',
      write: async () => {
        const opened = await openSession({ state: inState, connection: MAIN, clock, holder: 'h' }, 'test')
        if (opened.kind === 'open') await opened.session.release({ goodAt: T })
      },
      read: () => loadWebhooks(inState, MAIN),
    },
    {
      by: 'core/rotation/report.ts',
      what: 'the report of a rotation',
      write: () =>
        saveReport(inState, MAIN, 'signing', {
          ...{ run: 'r', startedAt: T, at: T, phase: 'done', detail: 'd', waitsUntil: null, doneAt: T },
        }),
      read: () => loadReport(inState, MAIN, 'signing'),
    },
    {
      by: 'core/pause/change.ts',
      what: 'the pause',
      write: () => beginPause(inState, { by: 'me', reason: null, now: T }),
      read: () => loadPause(inState),
    },
    {
      by: 'core/standup/deliver/store.ts',
      what: 'what is to be told',
      write: () => openOccasion({ ...inState, clock, owner: 'me' }, occasion, ['comment']),
      read: () => loadOccasion(inState, occasion),
    },
    {
      by: 'core/standup/deliver/session.ts',
      what: 'what was told',
      write: async () => {
        const opened = await openOccasion({ ...inState, clock, owner: 'me' }, occasion, ['comment'])
        if (opened.kind !== 'open') return
        await opened.session.keep({ kind: 'choice', choice })
        await opened.session.mark('comment', { stage: 'done', at: T, id: '9' })
      },
      read: () => loadOccasion(inState, occasion),
    },
    {
      by: 'core/status/pulse.ts',
      what: 'the pulse',
      write: () =>
        savePulse(inState, {
          at: T,
          seen: {
            ...{ watermarkAgeMs: 1, webhooksBroken: 0, webhookFailCount: 0, quietMs: null },
            ...{ clickupIncident: null, paused: false },
          },
        }),
      read: () => loadPulse(inState),
    },
    {
      by: 'core/status/pulse.ts',
      what: "what ClickUp's status page said",
      write: () => saveClickUpStatus(inState, { triedAt: T, failure: 'no answer', page: null }),
      read: () => loadClickUpStatus(inState),
    },
    {
      by: 'core/standup/model/spend.ts',
      what: 'what models have cost',
      write: () => spending.reserve(1_000),
      read: () => spending.look(),
    },
    {
      by: 'core/standup/model/spend.ts',
      what: 'how a model does',
      write: () => spending.failed('timeout'),
      read: () => spending.look(),
    },
  ]
}
