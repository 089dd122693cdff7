import { type Counts, KINDS, type Kind, totalOf } from '../../core/forget/counts.ts'
import type { Remaining } from '../../core/forget/remains.ts'
import type { Io } from '../io.ts'
import { tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'

const NAMES: Readonly<Record<Kind, string>> = {
  change: 'changes in the ledger',
  comment: 'comments in the ledger',
  snapshot: 'tasks as last read',
  accounting: 'what is accounted of tasks',
  timeEntry: 'time entries',
  timeInStatus: 'times in status',
  member: 'lists of members',
  summary: 'summaries as they were told',
  state: 'other state',
  archivedDelivery: 'archived deliveries',
}

type Tense = 'would be' | 'were'

/** What was found or done, and what is left. */
export function writeReport(io: Io, counts: Counts, tense: Tense, remains: readonly Remaining[]): void {
  writeCounts(io, counts, tense)
  writeRemaining(io, remains)
}

function writeCounts(io: Io, counts: Counts, tense: Tense): void {
  const columns = [
    { head: 'WHAT' },
    { head: `${tense.toUpperCase()} CHANGED`, align: 'right' as const },
    { head: `${tense.toUpperCase()} DELETED`, align: 'right' as const },
  ]
  const rows = KINDS.flatMap((kind) => {
    const { changed, deleted } = counts.byKind[kind] ?? { changed: 0, deleted: 0 }
    return changed + deleted === 0 ? [] : [[NAMES[kind], String(changed), String(deleted)]]
  })
  if (rows.length > 0) io.write(tableText(columns, rows, { width: io.columns, paint: painter(io.colours) }))
  io.write(`${totalOf(counts)} of ${counts.read} items.\n`)
}

function writeRemaining(io: Io, all: readonly Remaining[]): void {
  io.write('\nWhat remains, and why:\n')
  for (const { what, why } of all) io.write(plain(`- ${what} ${why}`).concat('\n'))
}
