import { BatchWriteCommand, type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import type { ForgetServices } from '../../core/forget/forget.ts'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { fewAtOnce } from '../../core/platform/few-at-once.ts'
import { inBatches } from '../../core/platform/in-batches.ts'
import type { Json } from '../../core/platform/json.ts'
import { BY_DAY, PK, timePart } from '../../core/platform/tables.ts'
import type { Occasion } from '../../core/standup/deliver/occasion.ts'
import { openOccasion } from '../../core/standup/deliver/store.ts'
import type { Summary } from '../../core/standup/statement.ts'
import { saveMembers } from '../../core/sync/members.ts'
import { baselineOf } from '../../core/tasks/known.ts'
import { createKnownStore } from '../../core/tasks/known-store.ts'
import { createOwedStore } from '../../core/tasks/owed-store.ts'
import type { Person, TaskFields } from '../../core/tasks/snapshot.ts'
import { createStatusTimesStore } from '../../core/tasks/status-times.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { createRandom } from '../../local/clickup/random.ts'
import type { Tables } from '../support/dynamo.ts'

export const NOW = 1_789_000_000_000
export const ADA: Person = { id: '40233771', name: 'Ada Moreau', email: 'ada.moreau@example.com' }
const OTHERS: Person[] = [
  { id: '40233772', name: 'Bilal Haddad', email: 'bilal@example.com' },
  { id: '4023377', name: 'Ada Morel', email: 'ada.morel@example.com' },
  { id: '140233771', name: 'Cleo Ng' },
]
const PEOPLE = [ADA, ...OTHERS]
/** The task that is to be forgotten, and one whose id begins like it. */
export const TASK = '86c0000007'
const clock = { now: () => NOW }
const life = { deleted: false, running: false, seen: [] }

type Place = { dynamo: DynamoDBDocumentClient; tables: Tables }

export const ledgerOf = ({ dynamo, tables }: Place) =>
  createLedger({ dynamo, table: tables.ledger, clock, owner: 'a', leaseMs: 90_000, keepDays: 400 })

/** Some hundred tasks with their history, time and accounts, written by the stores that the consumer writes with. */
export async function populate(
  place: Place,
  { tasks: many, seed }: { tasks: number; seed: number },
): Promise<Change[]> {
  const { dynamo, tables } = place
  const random = createRandom(seed)
  const { pick } = random
  const some = (people: readonly Person[]) => people.filter(() => random.chance(0.4))
  const ids = Array.from({ length: many }, (_, i) => `86c${String(i).padStart(7, '0')}`)
  const changes: Change[] = []
  const store = createTaskStore({ dynamo, table: tables.tasks })
  const known = createKnownStore({ dynamo, tasksTable: tables.tasks, stateTable: tables.state })
  const worklog = createWorklogStore({ dynamo, table: tables.tasks })
  const times = createStatusTimesStore({ dynamo, table: tables.tasks })
  const plans = ids.map((id, i) => ({
    id,
    i,
    fields: fieldsOf(i),
    who: pick(PEOPLE),
    changes: [0, 1, 2, 3].map((n) => changeOf(id, i * 4 + n)),
  }))
  changes.push(...plans.flatMap((plan) => plan.changes))

  function fieldsOf(i: number): Partial<TaskFields> {
    const related = [{ id: pick(ids), name: 'Some task' }]
    return {
      ...{ status: { name: 'in review', type: 'custom' }, updatedAt: NOW - i, url: null },
      ...{ name: `Task ${i}`, assignees: some(PEOPLE), watchers: some(PEOPLE), creator: pick(PEOPLE) },
      ...{ parentId: i % 5 === 0 ? pick(ids) : null, linkedTaskIds: i % 7 === 0 ? [pick(ids), pick(ids)] : [] },
      dependencies: i % 9 === 0 ? [{ taskId: ids[i] ?? '', dependsOn: pick(ids), type: 1 }] : [],
      space: { id: '3', name: null },
      list: { id: '901', name: 'Roadmap' },
      customFields: [
        { id: 'f1', name: 'Owner', type: 'users', value: some(PEOPLE).map(({ id, name }) => ({ id, name })) },
        { id: 'f2', name: 'Blocks', type: 'tasks', value: related },
      ],
    }
  }

  function changeOf(id: string, n: number): Change {
    const at = NOW - n * 1_000
    const who = pick(PEOPLE)
    const person: Json = { id: who.id, name: who.name, ...(who.email === undefined ? {} : { email: who.email }) }
    const texts = [
      'Looks good',
      'As @Ada Moreau said',
      'Write to ADA.MOREAU@example.com',
      'Ask Ada Moreau, not Ada Moreaux',
    ]
    const kinds: readonly { field: string; after: Json }[] = [
      { field: 'assignee_add', after: person },
      { field: 'comment', after: { id: `9${n}`, text: pick(texts) } },
      {
        field: 'content',
        after: JSON.stringify({ ops: [{ insert: 'Hi ' }, { mention: { user: person } }, { insert: pick(texts) }] }),
      },
      { field: 'custom_field', after: [person, { id: '40233772', name: 'Bilal Haddad' }] },
      { field: 'parent', after: pick(ids) },
      { field: 'status', after: { name: 'done', type: 'done' } },
      {
        field: 'event',
        after: { user: { id: Number(who.id), username: who.name }, link: `https://app.clickup.com/t/${pick(ids)}` },
      },
    ]
    return {
      ...pick(kinds),
      ...{ id: n.toString(16).padStart(8, '0').repeat(8), connection: 'main', resource: { kind: 'task', id } },
      ...{ customField: null, before: null, at, atEarliest: at, order: timePart(at), actor: pick(PEOPLE) },
      ...{ origin: 'webhook', receivedAt: at + 100, listId: '901' },
    }
  }

  const ledger = ledgerOf(place)
  await fewAtOnce(plans, async ({ id, i, fields, who, changes: mine }) => {
    for (const change of mine) {
      await ledger.claim(change)
      await ledger.complete(change, change.receivedAt)
    }
    const snapshot = await store.record('main', { kind: 'seen', id, archived: false, fields, observedAt: NOW }, null)
    await known.save('main', { kind: 'task', id }, { ...baselineOf(snapshot), version: 1 }, null)
    await worklog.record('main', {
      ...{ ...life, entryId: `5${i}`, taskId: i % 6 === 0 ? null : id, userId: who.id, userName: who.name ?? '' },
      ...{ startAt: NOW - 9_000, endAt: NOW - 3_000, durationMs: 6_000, changedAt: NOW, description: `By ${who.name}` },
      revision: `${timePart(NOW)}#living#${i}`,
    })
    if (i % 4 === 0)
      await times.put('main', { taskId: id, asOf: NOW, current: { status: 'open', since: 1, minutes: 1 }, history: [] })
  })
  await createOwedStore({ dynamo, table: tables.tasks }).add('main', { id: TASK, since: NOW })
  const state = { dynamo, table: tables.state }
  await saveMembers(state, 'main', {
    readAt: NOW,
    members: PEOPLE.map(({ id, name, email }) => ({ id, name, role: 3, ...(email === undefined ? {} : { email }) })),
  })
  await saveConnection(state, 'main', { workspaceId: '1', userId: '40233772', userName: 'Bilal Haddad' })
  await tellOf(place, ids)
  const run = { people: { userIds: [ADA.id, '40233772'], singly: true }, suspects: [TASK, ids[1]], version: 4 }
  await dynamo.send(new PutCommand({ TableName: tables.state, Item: { pk: 'main#sweep', ...run } }))
  return changes
}

/** A summary that tells of everybody and of some tasks, one of them in a model's own words, and what a recipe has done with the task. */
async function tellOf({ dynamo, tables }: Place, ids: readonly string[]): Promise<void> {
  const common = { connection: 'main', name: 'platform', prompt: 'standup/v1' }
  const services = { dynamo, table: tables.state, clock, owner: 'a' }
  const statements = [
    ...PEOPLE.map(({ id }, i) => ({ text: `{person:${id}} finished {task:${ids[i]}}.`, taskIds: [ids[i] ?? ''] })),
    { text: `{task:${TASK}} and {task:${ids[1]}} are blocked.`, taskIds: [TASK, ids[1] ?? ''] },
    { text: 'Ada Moreau (ada.moreau@example.com) says so, and not Ada Morel.', taskIds: [ids[2] ?? ''] },
  ].map((each) => ({ section: 'done' as const, by: 'model' as const, changeIds: ['c1'], ...each }))
  const summary: Summary = {
    statements,
    by: { kind: 'model', provider: 'bedrock', model: 'm', prompt: 'standup/v1' },
    ...{ removed: {}, added: 0, tokens: { input: 1, output: 1 }, costUsd: 0, about: 'Roadmap', left: 0, notes: [] },
    span: { from: NOW - 1_000, until: NOW, timeZone: 'UTC' },
    ...{ watermark: NOW, madeAt: NOW },
  }
  const occasions: Occasion[] = [
    { ...common, kind: 'summary', on: '2026-09-10' },
    { ...common, kind: 'recipe', on: { taskId: TASK, occasion: 'c1' } },
    { ...common, kind: 'recipe', on: { taskId: ids[1] ?? '', occasion: 'c1' } },
  ]
  for (const occasion of occasions) {
    const opened = await openOccasion(services, occasion, ['comment'])
    if (opened.kind !== 'open') throw new Error(opened.kind)
    await opened.session.keep({ kind: 'summary', summary })
    const reason = `ClickUp shows no task ${TASK} to this connection.`
    await opened.session.mark('comment', { stage: 'failed', at: NOW, reason })
  }
}

type Dumped = Awaited<ReturnType<typeof dumpAll>>

/** Puts what was dumped into other tables, the tasks and their history so many times under other ids. */
export async function restore({ dynamo, tables }: Place, dumped: Dumped, copies = 1): Promise<void> {
  for (const table of ['ledger', 'tasks', 'state'] as const) {
    const items = Array.from({ length: copies }, (_, copy) =>
      [...dumped[table].values()].flatMap((item): Record<string, unknown>[] => {
        if (copy === 0) return [item]
        if (!String(item[PK]).startsWith('main#task#')) return []
        return [JSON.parse(JSON.stringify(item).replaceAll('86c', `${86 + copy}c`))]
      }),
    ).flat()
    const batches = inBatches(items, () => 1, { entries: 25, bytes: 1_000 })
    await fewAtOnce(batches, (batch) =>
      dynamo.send(
        new BatchWriteCommand({ RequestItems: { [tables[table]]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
      ),
    )
  }
}

/** Everything that stands in a table, by its key. */
async function dump({ dynamo }: Place, table: string): Promise<Map<string, Record<string, unknown>>> {
  const items = new Map<string, Record<string, unknown>>()
  for await (const { Items } of paginateScan({ client: dynamo }, { TableName: table, ConsistentRead: true }))
    for (const item of Items ?? []) items.set(`${item['pk']} ${item['sk'] ?? ''}`, item)
  return items
}

export async function dumpAll(place: Place) {
  const { ledger, tasks, state } = place.tables
  const [a, b, c] = await Promise.all([dump(place, ledger), dump(place, tasks), dump(place, state)])
  return { ledger: a, tasks: b, state: c }
}

export const bytesOf = (items: Iterable<unknown>) => JSON.stringify([...items])

/** The keys of the day index, which nobody may lose: replay and export go by them. */
export const dayOf = (item: Record<string, unknown> | undefined) => [item?.[BY_DAY.pk], item?.[BY_DAY.sk]]

export const servicesFor = ({ dynamo, tables }: Place): ForgetServices => ({
  ...{ dynamo, tables, archive: null, connections: ['main'] },
  pace: { most: 100, ready: async () => undefined, took: () => undefined },
  progress: () => undefined,
})
