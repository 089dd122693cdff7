import { csvLine } from '../../core/export/csv.ts'
import type { CycleReport } from '../../core/report/cycle-report.ts'
import type { CycleRow } from '../../core/report/cycle-row.ts'

const HOUR_MS = 3_600_000

const names = (some: readonly { id: string; name: string | null }[]) =>
  some.map(({ id, name }) => name ?? id).join('; ')
const time = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
const hours = (ms: number | undefined) => (ms === undefined ? '' : (ms / HOUR_MS).toFixed(2))

const COLUMNS: [string, (row: CycleRow) => string][] = [
  ['task_id', ({ taskId }) => taskId],
  ['name', ({ name }) => name],
  ['connection', ({ connection }) => connection],
  ['space', ({ space }) => (space === null ? '' : names([space]))],
  ['lists', ({ lists }) => names(lists)],
  ['sprints', ({ sprints }) => names(sprints)],
  ['assignees', ({ assignees }) => assignees.join('; ')],
  ['status', ({ status }) => status ?? ''],
  ['created_at', ({ createdAt }) => time(createdAt)],
  ['active_at', ({ activeAt }) => time(activeAt)],
  ['done_at', ({ doneAt }) => time(doneAt)],
  ['cycle_working_hours', ({ cycle }) => hours(cycle?.workingMs)],
  ['cycle_hours', ({ cycle }) => hours(cycle?.elapsedMs)],
  ['lead_working_hours', ({ lead }) => hours(lead?.workingMs)],
  ['lead_hours', ({ lead }) => hours(lead?.elapsedMs)],
  ['reopenings', ({ reopenings }) => String(reopenings)],
  ['precision', ({ precision }) => precision],
]

/** A line for each task; times are UTC. */
export const cycleCsv = ({ rows }: CycleReport): string =>
  [COLUMNS.map(([head]) => head), ...rows.map((row) => COLUMNS.map(([, of]) => of(row)))].map(csvLine).join('')
