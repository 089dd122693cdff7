import type { Operations } from '../in-process.ts'
import type { createCounts } from './counts.ts'
import type { Expressions } from './expressions/parsed.ts'
import { readOperations } from './reads.ts'
import type { Table } from './table.ts'
import { writeOperations } from './writes.ts'

export type TableServices = {
  /** @throws ResourceNotFoundException */
  tableOf(name: string): Table
  counts: ReturnType<typeof createCounts>
  expressions: Expressions
}

/** Each happens all at once: what it reads and writes nobody else comes between. */
export const operationsOf = (services: TableServices): Operations =>
  new Map(Object.entries({ ...readOperations(services), ...writeOperations(services) }))
