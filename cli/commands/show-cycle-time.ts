import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { assumptionsOf } from '../../core/report/assumptions.ts'
import { type CycleReport, cycleReport } from '../../core/report/cycle-report.ts'
import type { Dimension, Group } from '../../core/report/groups.ts'
import { type ReadCycles, readCycles } from '../../core/report/read-cycles.ts'
import { spanText } from '../../core/report/spans.ts'
import { createCalendar } from '../../core/report/working-time.ts'
import { loadConfig } from '../../infra/load-config.ts'
import { SynthError } from '../../infra/synth-error.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { cycleCsv } from '../output/cycle-csv.ts'
import { writeJson } from '../output/json.ts'
import { type Column, tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { placesOf } from './report-places.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 90

export type CycleTimeOptions = {
  space?: string | undefined
  list?: string | undefined
  /** Milliseconds since 1970. */
  since?: number | undefined
  until?: number | undefined
  by: Dimension
  connection?: string | undefined
  json: boolean
  csv: boolean
  html?: string | undefined
  utc: boolean
}

export async function showCycleTime(io: Io, target: Target, options: CycleTimeOptions): Promise<void> {
  const { dynamo, tables } = target
  const now = io.now()
  const { since = now - DEFAULT_DAYS * DAY_MS, until = now, by } = options
  if (since >= until) throw new Failure('The time is empty: --since has to be before --until.')
  const settings = await reportSettings()
  const calendar = createCalendar(settings)
  const connections = options.connection === undefined ? target.connections : [options.connection]
  const places = await placesOf({ dynamo, table: tables.state }, connections, options)
  const read: ReadCycles[] = []
  for (const { connection, spaceId, listId } of places) {
    const sources = { dynamo, tables, settings, calendar, progress: (line: string) => io.note(line) }
    read.push(await readCycles(sources, { connection, spaceId, listId, since, until }))
  }
  const scope = scopeOf(options, target)
  const report = cycleReport(read, calendar, { by, since, until, generatedAt: now, scope, settings })
  if (options.html !== undefined) {
    const { cyclePage } = await import('../../core/report/html/page.ts')
    await writePage(io, options.html, cyclePage(report, calendar))
  }
  if (options.json) writeJson(io, forJson(report))
  else if (options.csv) io.write(cycleCsv(report))
  else writeReport(io, report, options)
}

async function reportSettings() {
  try {
    return (await loadConfig()).reports
  } catch (error) {
    throw error instanceof SynthError ? new Failure(error.message.replaceAll('\n', ' ')) : error
  }
}

async function writePage(io: Io, file: string, page: string): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, file), page)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it failed'
    throw new Failure(`The page could not be written to ${file} (${reason}): name a file in a folder that is there.`)
  }
  io.note(`Written to ${plain(file)}.`)
}

const scopeOf = ({ space, list }: CycleTimeOptions, { label }: Target): string =>
  [...(list === undefined ? [] : [`list ${list}`]), ...(space === undefined ? [] : [`space ${space}`])].join(' in ') ||
  label

/** Everything but the pieces from which each task was made up. */
const forJson = ({ rows, ...report }: CycleReport) => ({
  ...report,
  tasks: rows,
  assumptions: assumptionsOf({ ...report, rows }),
})

function writeReport(io: Io, report: CycleReport, { utc }: CycleTimeOptions): void {
  const style = { now: 0, utc }
  const paint = painter(io.colours)
  const { total, groups, workingDayMs, by, notes } = report
  if (total.done === 0) {
    io.write(
      `${plain(`No task of ${report.scope} was done from ${timeText(report.since, style)} to ${timeText(report.until, style)}.`)}\n`,
    )
  } else {
    const span =
      (of: (group: Group) => number | null, dayMs = workingDayMs) =>
      (group: Group) =>
        spanText(of(group), dayMs)
    const columns: (Column & { of(group: Group): string })[] = [
      { head: by.toUpperCase(), min: 12, of: ({ name }) => name },
      { head: 'DONE', align: 'right', of: ({ done }) => String(done) },
      { head: 'CYCLE P50', align: 'right', of: span(({ cycle }) => cycle.working.p50) },
      { head: 'P85', align: 'right', of: span(({ cycle }) => cycle.working.p85) },
      { head: 'P95', align: 'right', of: span(({ cycle }) => cycle.working.p95) },
      { head: 'CALENDAR P85', align: 'right', drop: 3, of: span(({ cycle }) => cycle.elapsed.p85, DAY_MS) },
      { head: 'LEAD P50', align: 'right', drop: 1, of: span(({ lead }) => lead.working.p50) },
      { head: 'LEAD P85', align: 'right', drop: 1, of: span(({ lead }) => lead.working.p85) },
      { head: 'REOPENED', align: 'right', drop: 2, of: ({ reopened }) => String(reopened) },
    ]
    const shown = by === 'week' ? report.weeks : groups
    const rows = [...shown, { ...total, name: 'all' }].map((group) => columns.map(({ of }) => of(group)))
    io.write(tableText(columns, rows, { width: io.columns, paint }))
  }
  io.write(`\n${notes.inProgress} in progress now.\n`)
  for (const sentence of assumptionsOf(report)) io.write(`${paint('dim', plain(sentence))}\n`)
}
