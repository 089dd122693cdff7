import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { type ConnectionRecord, saveConnection } from '../../core/clickup/connection-record.ts'
import type { SlotState, WebhooksState } from '../../core/guard/state.ts'
import { PK, stateKey } from '../../core/platform/tables.ts'
import { createPending } from '../../core/process/pending.ts'
import { createGapStore, type Gap } from '../../core/sync/gaps.ts'
import { type ListPlace, type SpacePlace, saveSpace, saveSpaceIds } from '../../core/sync/hierarchy.ts'
import { type BackfillRun, type CensusRun, type SweepRun, sweepRunSchema } from '../../core/sync/run.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { NOW, type Stack, TABLES } from './stack.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

type Dynamo = Pick<Stack, 'dynamo'>
export const stateOf = ({ dynamo }: Dynamo) => ({ dynamo, table: TABLES.state })

/** Puts an item of a connection as it is, also in a form that is none of ours. */
export const putItem = ({ dynamo }: Dynamo, thing: string, item: object) =>
  dynamo.send(new PutCommand({ TableName: TABLES.state, Item: { [PK]: stateKey('main', thing), ...item } }))

export const RECORD: ConnectionRecord = {
  ...{ workspaceId: '9012', workspaceName: 'Acme', userId: '183', userName: 'Ada', mode: 'webhook' },
  connectedAt: NOW - 10 * DAY,
}

const common = {
  ...{ version: 0, run: 'r1', startedAt: NOW - 13 * MINUTE, updatedAt: NOW - 12 * MINUTE, endedAt: NOW - 12 * MINUTE },
  ...{ heldUntil: 0, calls: 9, parts: 1, note: null, remark: null, settlingSince: 0 },
}
const places = { spaceIds: [], listed: true }
export const NOTHING_REPAIRED = { tasks: 0, changes: 0, timeEntries: 0, places: 0 }

/** Parsed, so that what a later version adds has its default. */
export const SWEEP = sweepRunSchema.parse({
  ...{ ...common, phase: 'done', sentAt: 0, heardUntil: 0, horizon: NOW - 22 * MINUTE, since: NOW - 37 * MINUTE },
  ...{ places, stretches: [], pages: 2, suspects: [], watermark: NOW - 22 * MINUTE, byHour: {} },
  last: { startedAt: NOW - 13 * MINUTE, endedAt: NOW - 12 * MINUTE, repaired: NOTHING_REPAIRED, calls: 9 },
})
const CENSUS: CensusRun = {
  ...{ ...common, phase: 'done', lists: [], page: 0, archived: false, seen: [], openTasks: 0, livingTasks: 0 },
  ...{ countedLists: 3, countedTasks: 120, deleted: 0, outOfSight: 0, there: 0, changed: 0, held: [], differing: [] },
}
export const BACKFILL: BackfillRun = {
  ...{ ...common, phase: 'done', days: 90, publish: false, since: NOW - 100 * DAY, until: NOW - 10 * DAY, places },
  ...{ stretches: [], pages: 12, tasks: 1200, timeEntries: 30, unasked: [], timeInStatus: true },
  ...{ timeEntriesBefore: 0, emptyMonths: 0 },
}

export const SLOT: SlotState = {
  ...{ webhookId: 'w1', endpoint: 'https://hooks.example/a', status: 'active', failCount: 0 },
  ...{ checkedAt: NOW - 2 * MINUTE, goodUntil: NOW - 2 * MINUTE, mended: null },
}
export const WEBHOOKS: WebhooksState = {
  ...{ version: 1, lock: null, intent: null, slots: { a: SLOT }, goodAt: NOW - 2 * MINUTE },
  ...{ rotation: null, offSince: null, report: { at: NOW - 2 * MINUTE, verdict: 'well', findings: [] } },
}

export const GAP: Gap = {
  ...{ id: 'suspended-1', cause: 'suspended', from: NOW - 3 * HOUR, to: NOW - 2 * HOUR },
  detail: 'The webhook was suspended after 100 lost events. It was mended.',
  ...{ repaired: { tasks: 9, changes: 12, timeEntries: 2, places: 1 }, givenUp: 100, sweptAt: NOW - HOUR },
}

const list = (id: string, folderId: string | null, taskCount: number | null): ListPlace => ({
  ...{ id, name: `List ${id}`, archived: false, folderId, startAt: null, dueAt: null, taskCount },
})
const space = (id: string, name: string, folders: string[], lists: ListPlace[]): SpacePlace => ({
  ...{ id, name, archived: false, fields: {}, lists, listedAt: NOW - 3 * MINUTE },
  folders: folders.map((folder) => ({ id: folder, name: `Folder ${folder}`, archived: false })),
})
const SPACES = [
  space('s1', 'Engineering', ['f1', 'f2'], [list('l1', 'f1', 40), list('l2', 'f2', 60), list('l3', null, null)]),
  space('s2', 'Design', [], [list('l4', null, 20)]),
]

export const saveSweep = (stack: Dynamo, over: Partial<SweepRun> = {}) =>
  sweepRuns(stateOf(stack), 'main').save({ ...SWEEP, ...over })
export const saveCensus = (stack: Dynamo, over: Partial<CensusRun> = {}) =>
  censusRuns(stateOf(stack), 'main').save({ ...CENSUS, ...over })
export const saveBackfill = (stack: Dynamo, over: Partial<BackfillRun> = {}) =>
  backfillRuns(stateOf(stack), 'main').save({ ...BACKFILL, ...over })
export const saveRecord = (stack: Dynamo, over: Partial<ConnectionRecord> = {}) =>
  saveConnection(stateOf(stack), 'main', { ...RECORD, ...over })
export const saveGaps = (stack: Dynamo, gaps: readonly Gap[]) =>
  createGapStore(stateOf(stack)).revise('main', () => gaps)

export async function saveSpaces(stack: Dynamo, spaces: readonly SpacePlace[] = SPACES): Promise<void> {
  for (const each of spaces) await saveSpace(stateOf(stack), 'main', each)
  await saveSpaceIds(stateOf(stack), 'main', { readAt: NOW - 3 * MINUTE, spaceIds: spaces.map(({ id }) => id) })
}

/** A connection of ten days with which nothing is wrong. */
export async function saveWell(stack: Dynamo): Promise<void> {
  await saveRecord(stack)
  await saveSpaces(stack)
  await putItem(stack, 'webhooks', WEBHOOKS)
  await createPending({ ...stateOf(stack), connection: 'main' }).note({ heardAt: NOW - MINUTE, waits: [] })
  await Promise.all([saveSweep(stack), saveCensus(stack), saveBackfill(stack)])
}
