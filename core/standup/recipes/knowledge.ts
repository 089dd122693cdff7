import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Recorded, resourceHistory } from '../../ledger/history.ts'
import { readTask } from '../../tasks/list.ts'
import type { Snapshot } from '../../tasks/snapshot.ts'
import type { TimeEntry } from '../../tasks/time-entry.ts'

/** What the tables hold of one task: two queries, and no call to ClickUp. */
export type TaskKnowledge = {
  /** Null where the task was never read; or in a form that is not ours, by another release. */
  snapshot: Snapshot | 'unreadable' | null
  /** In the order in which they happened. */
  changes: readonly Recorded[]
  entries: readonly TimeEntry[]
  /** Changes on their way into the ledger. */
  claimed: number
  unreadable: number
}

export type KnowledgeSources = { dynamo: DynamoDBDocumentClient; tables: { ledger: string; tasks: string } }

export async function knowledgeOf(
  { dynamo, tables }: KnowledgeSources,
  connection: string,
  taskId: string,
): Promise<TaskKnowledge> {
  const resource = { kind: 'task', id: taskId }
  const [task, history] = await Promise.all([
    readTask({ dynamo, table: tables.tasks }, connection, taskId),
    resourceHistory({ dynamo, table: tables.ledger }, { connection, resource, since: undefined }),
  ])
  const { changes, claimed, unreadable } = history
  if (task === null) return { snapshot: null, changes, entries: [], claimed, unreadable }
  if (task === 'unreadable') return { snapshot: task, changes, entries: [], claimed, unreadable: unreadable + 1 }
  const { snapshot, timeEntries: entries } = task
  return { snapshot, changes, entries, claimed, unreadable: unreadable + task.unreadable }
}
