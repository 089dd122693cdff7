import type { ChangeEvent } from '../../core/publish/index.ts'
import type { Sql } from './sql.ts'

const COLUMNS = [
  'connection',
  'id',
  'state',
  'name',
  'status',
  'status_type',
  'priority',
  'list_id',
  'list_name',
  'space_id',
  'parent_id',
  'assignee_ids',
  'tags',
  'due_at',
  'created_at',
  'updated_at',
  'closed_at',
  'url',
  'task',
  'as_of',
  'version',
] as const
type Column = (typeof COLUMNS)[number]

/** Milliseconds since 1970 on our side, an instant on the database's. */
const INSTANTS: readonly Column[] = ['due_at', 'created_at', 'updated_at', 'closed_at', 'as_of']

const placeholder = (column: Column, index: number) =>
  INSTANTS.includes(column) ? `to_timestamp($${index + 1}::bigint / 1000.0)` : `$${index + 1}`

/**
 * One statement, so that two workers with two events of one task cannot come between each other. An event may come twice
 * and late: what is not newer than the row changes nothing.
 */
const UPSERT = `
insert into tasks (${COLUMNS.join(', ')})
values (${COLUMNS.map(placeholder).join(', ')})
on conflict (connection, id) do update
set ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
where tasks.version < excluded.version`

/**
 * Puts the task of an event into its row, unless the row is newer.
 * @throws when the event had to leave its task out: somebody has to look, and the dead-letter queue keeps it until then.
 */
export async function upsertTask(sql: Sql, { connection, task, omitted, changeId }: ChangeEvent): Promise<void> {
  if (omitted.includes('task')) throw new Error(`The event of change ${changeId} was too large to carry its task`)
  if (task === null) return
  const row: Record<Column, unknown> = {
    connection,
    id: task.id,
    state: task.state,
    name: task.name,
    status: task.status?.name ?? null,
    status_type: task.status?.type ?? null,
    priority: task.priority?.name ?? null,
    list_id: task.list?.id ?? null,
    list_name: task.list?.name ?? null,
    space_id: task.space?.id ?? null,
    parent_id: task.parentId,
    assignee_ids: task.assignees.map(({ id }) => id),
    tags: task.tags,
    due_at: task.dueAt,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    closed_at: task.closedAt,
    url: task.url,
    task: JSON.stringify(task),
    as_of: task.asOf,
    version: task.version,
  }
  await sql.query(
    UPSERT,
    COLUMNS.map((column) => row[column]),
  )
}
