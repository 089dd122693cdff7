import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, PK, SK } from '../../../core/platform/tables.ts'
import type { TableSchema } from './dynamo/schema.ts'

export const TABLES = { ledger: 'ledger', tasks: 'tasks', state: 'state' } as const

export type TableName = (typeof TABLES)[keyof typeof TABLES]

/** The three tables with their keys and indexes, as the template makes them. */
export const TABLE_SCHEMAS: readonly TableSchema[] = [
  { name: TABLES.ledger, pk: PK, sk: SK, indexes: [BY_DAY] },
  { name: TABLES.tasks, pk: PK, sk: SK, indexes: [BY_LIST, BY_SPACE, BY_TIME_DAY] },
  { name: TABLES.state, pk: PK },
]
