import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { timePart } from '../../core/platform/tables.ts'
import type { TaskFields } from '../../core/tasks/snapshot.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { taskName } from '../../local/clickup/demo/words.ts'
import type { Random } from '../../local/clickup/random.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const PEOPLE_IN_A_LIST = 5
const STATUSES = [
  { name: 'to do', type: 'open' },
  { name: 'in progress', type: 'custom' },
  { name: 'in review', type: 'custom' },
  { name: 'complete', type: 'done' },
] as const
const PRIORITIES = [
  { id: '1', name: 'urgent' },
  { id: '2', name: 'high' },
  { id: '3', name: 'normal' },
]

type Tables = { ledger: string; tasks: string }
type Day = { people: number; from: number; connection: string }

/**
 * Writes down a day of so many people through the real stores: each takes three tasks a step further, every second one of them
 * finishing one, and makes one; every fourth changes a priority, every tenth is blocked; each logs six hours on three tasks. Lists
 * are of five people. Answers with the lists' ids.
 */
export async function playDay(
  dynamo: DynamoDBDocumentClient,
  tables: Tables,
  day: Day,
  random: Random,
): Promise<string[]> {
  const { people, from, connection } = day
  const clock = { now: () => from }
  const ledger = createLedger({ dynamo, table: tables.ledger, clock, owner: 'bench', leaseMs: 90_000, keepDays: 400 })
  const store = createTaskStore({ dynamo, table: tables.tasks })
  const worklog = createWorklogStore({ dynamo, table: tables.tasks })
  let made = 0
  const somewhen = () => from + random.int(HOUR, 9 * HOUR)

  async function change(taskId: string, listId: string, what: Pick<Change, 'field' | 'before' | 'after'>, by: Person) {
    const at = somewhen()
    made += 1
    const complete: Change = {
      ...{ ...what, connection, listId, at, atEarliest: at, order: timePart(at), origin: 'webhook' },
      id: made.toString(16).padStart(64, '0'),
      resource: { kind: 'task', id: taskId },
      customField: null,
      actor: by,
      receivedAt: at + 100,
    }
    await ledger.claim(complete)
    await ledger.complete(complete, at + 400)
  }

  async function task(id: string, fields: Partial<TaskFields>) {
    const seen = { kind: 'seen', id, archived: false, fields, observedAt: from + 10 * HOUR } as const
    await store.record(connection, seen, null)
  }

  async function work(person: Person, number: number, list: { id: string; name: string }) {
    const ids = [0, 1, 2].map((each) => `p${number}t${each}`)
    for (const [each, id] of ids.entries()) {
      const isDone = each === 0 && number % 2 === 0
      const isBlocked = each === 1 && number % 10 === 0
      const [before, after] = isDone ? [2, 3] : [each === 1 ? 0 : 1, each === 1 ? 1 : 2]
      const status = isBlocked ? { name: 'blocked', type: 'custom' } : (STATUSES[after] ?? STATUSES[1])
      await change(id, list.id, { field: 'status', before: STATUSES[before] ?? null, after: status }, person)
      if (each === 2 && number % 4 === 0)
        await change(
          id,
          list.id,
          { field: 'priority', before: PRIORITIES[2] ?? null, after: random.pick(PRIORITIES) },
          person,
        )
      await task(id, {
        ...{ name: taskName(random), list, status, assignees: [person], updatedAt: from + 9 * HOUR },
        ...{ createdAt: from - random.int(2, 90) * 24 * HOUR, doneAt: isDone ? from + 9 * HOUR : null },
      })
      const startAt = from + HOUR + each * 2 * HOUR + random.int(0, 10) * MINUTE
      const entry = { startAt, endAt: startAt + 2 * HOUR, durationMs: 2 * HOUR, changedAt: startAt, revision: '1' }
      await worklog.record(connection, {
        ...{ ...entry, entryId: `${id}e`, taskId: id, userId: person.id, deleted: false, running: false, seen: [] },
      })
    }
    const fresh = `p${number}new`
    await change(fresh, list.id, { field: 'task_creation', before: null, after: null }, person)
    const common = { createdAt: from + HOUR, updatedAt: from + HOUR, assignees: [] }
    await task(fresh, { ...common, name: taskName(random), list, status: STATUSES[0] })
  }

  const lists = new Set<string>()
  for (let number = 0; number < people; number += 1) {
    const id = String(900 + Math.floor(number / PEOPLE_IN_A_LIST))
    lists.add(id)
    await work({ id: String(number + 1), name: `Person ${number + 1}` }, number, { id, name: `Team ${id}` })
  }
  return [...lists]
}

type Person = { id: string; name: string }
