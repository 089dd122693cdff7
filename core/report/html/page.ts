import { assumptionsOf } from '../assumptions.ts'
import type { CycleReport } from '../cycle-report.ts'
import type { CycleRow } from '../cycle-row.ts'
import type { Group } from '../groups.ts'
import { spanText } from '../spans.ts'
import type { Calendar } from '../working-time.ts'
import { binsOf, histogram } from './histogram.ts'
import { escaped, type TableColumn, tableOf } from './markup.ts'
import { paletteOf } from './palette.ts'
import { scatterPlot } from './scatter-plot.ts'
import { barsOf, MOST_BARS, statusPlot } from './status-plot.ts'
import { STYLE } from './style.ts'
import { throughputPlot } from './throughput-plot.ts'

const DAY_MS = 86_400_000
/** A page that people scroll; the CSV has all. */
const MOST_ROWS = 1_000

/** The report as one HTML file that needs neither network nor script. */
export function cyclePage(report: CycleReport, calendar: Calendar): string {
  const title = `Cycle time, ${report.scope}`
  const period = `${calendar.day(report.since)} to ${calendar.day(report.until)}`
  const sections = report.total.cycle.working.count === 0 ? [nothing()] : plots(report)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${escaped(title)}</h1><p>Tasks done from ${escaped(period)}, in ${escaped(report.settings.timeZone)}. Made ${new Date(report.generatedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.</p></header>
${tiles(report)}
${sections.join('\n')}
${assumptions(report)}
${taskTable(report, calendar)}
</main>
</body>
</html>
`
}

const nothing = () =>
  '<section><h2>Nothing to plot</h2><p>No task with a known cycle time was done in this time.</p></section>'

function tiles(report: CycleReport): string {
  const { total, notes, workingDayMs } = report
  const tile = (name: string, value: string, small: string) =>
    `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}<small>${escaped(small)}</small></dd></div>`
  const percentile = (what: string, { working, elapsed }: Group['cycle'], name: 'p50' | 'p85' | 'p95') =>
    tile(
      `${what}, ${name}`,
      spanText(working[name], workingDayMs),
      `${spanText(elapsed[name], DAY_MS)} by the calendar`,
    )
  return `<dl class="tiles">${[
    tile('Tasks done', String(total.done), `${notes.inProgress} in progress now`),
    percentile('Cycle time', total.cycle, 'p50'),
    percentile('Cycle time', total.cycle, 'p85'),
    percentile('Cycle time', total.cycle, 'p95'),
    percentile('Lead time', total.lead, 'p50'),
    tile('Taken up again', String(total.reopened), share(total.reopened, total.done)),
  ].join('')}</dl>`
}

const share = (part: number, whole: number) =>
  whole === 0 ? 'of none' : `${Math.round((100 * part) / whole)} % of what was done`

function plots(report: CycleReport): string[] {
  const { workingDayMs, by, groups, weeks, total } = report
  const span = (of: (group: Group) => number | null) => (group: Group) => spanText(of(group), workingDayMs)
  const slowest = [...report.rows].sort((a, b) => (b.cycle?.workingMs ?? 0) - (a.cycle?.workingMs ?? 0)).slice(0, 10)
  const groupColumns: TableColumn<Group>[] = [
    { head: by, of: ({ name }) => name },
    { head: 'done', numeric: true, of: ({ done }) => String(done) },
    { head: 'p50', numeric: true, of: span(({ cycle }) => cycle.working.p50) },
    { head: 'p85', numeric: true, of: span(({ cycle }) => cycle.working.p85) },
    { head: 'p95', numeric: true, of: span(({ cycle }) => cycle.working.p95) },
    { head: 'lead p85', numeric: true, of: span(({ lead }) => lead.working.p85) },
    { head: 'reopened', numeric: true, of: ({ reopened }) => String(reopened) },
  ]
  const statusColumns = paletteOf(report).map(
    ({ status }): TableColumn<Group> => ({
      head: status,
      numeric: true,
      of: ({ statuses }) => spanText(statuses.find((each) => each.status === status)?.workingMs ?? 0, workingDayMs),
    }),
  )
  const hidden = groups.length - MOST_BARS
  return [
    section(
      'Cycle time of each task',
      'A dot is a task. Below a line stay 50, 85 and 95 in a hundred.',
      scatterPlot(report),
      [
        tableOf(
          'The ten that took longest',
          [
            { head: 'task', of: ({ name }: CycleRow) => name, href: ({ url }: CycleRow) => safeUrl(url) },
            { head: 'cycle', numeric: true, of: ({ cycle }) => spanText(cycle?.workingMs ?? null, workingDayMs) },
            { head: 'lead', numeric: true, of: ({ lead }) => spanText(lead?.workingMs ?? null, workingDayMs) },
          ],
          slowest,
        ),
      ],
    ),
    section(
      'How many tasks took how long',
      'Cycle times in ranges; the last takes in all that is longer.',
      histogram(report),
      [
        tableOf(
          'Tasks by cycle time',
          [
            { head: 'working time', of: ({ range }) => range },
            { head: 'tasks', numeric: true, of: ({ tasks }) => String(tasks) },
          ],
          binsOf(report).bars,
        ),
      ],
    ),
    section(
      'Time in each status',
      `Where the time went before a task was done, on average${hidden > 0 && by !== 'week' ? `; the ${MOST_BARS} groups that did most` : ''}.`,
      legend(report) + statusPlot(report),
      [
        tableOf(
          'Average working time',
          [{ head: by, of: ({ name }: Group) => name }, ...statusColumns],
          barsOf(report),
        ),
      ],
    ),
    section('Tasks done by week', 'ISO weeks, by when a task was done for the last time.', throughputPlot(report), [
      tableOf(
        'By week',
        [
          { head: 'week', of: ({ name }) => name },
          { head: 'done', numeric: true, of: ({ done }) => String(done) },
          { head: 'p50', numeric: true, of: span(({ cycle }) => cycle.working.p50) },
          { head: 'p85', numeric: true, of: span(({ cycle }) => cycle.working.p85) },
        ],
        weeks.toReversed(),
      ),
    ]),
    ...(by === 'week'
      ? []
      : [
          `<section><h2>By ${escaped(by)}</h2><p>Working time. A task counts in each ${escaped(by)} that it belongs to.</p><div class="scroll">${tableOf(`Cycle time by ${by}`, groupColumns, [...groups, { ...total, name: 'all' }])}</div></section>`,
        ]),
  ]
}

const section = (title: string, text: string, figure: string, tables: readonly string[]) =>
  `<section><h2>${escaped(title)}</h2><p>${escaped(text)}</p><div class="beside"><figure>${figure}</figure><div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}, as a table">${tables.join('')}</div></div></section>`

const PHASES = { notStarted: 'waiting', active: 'work' } as const

const legend = (report: CycleReport) =>
  `<ul class="legend">${paletteOf(report)
    .map(({ status, phase, colour }) => {
      const meaning = phase === null || phase === 'done' ? 'not mapped' : PHASES[phase]
      return `<li><i style="background:${colour}"></i>${escaped(status)} <small>${meaning}</small></li>`
    })
    .join('')}</ul>`

const assumptions = (report: CycleReport) =>
  `<section><h2>What this takes for granted</h2><ul class="notes">${assumptionsOf(report)
    .map((sentence) => `<li>${escaped(sentence)}</li>`)
    .join('')}</ul></section>`

/** Where a link leads is what ClickUp said: only the web, never a script. */
const safeUrl = (url: string | null) => (url !== null && /^https?:\/\//.test(url) ? url : null)

function taskTable(report: CycleReport, calendar: Calendar): string {
  const { workingDayMs } = report
  const rows = report.rows.toReversed().slice(0, MOST_ROWS)
  const columns: TableColumn<CycleRow>[] = [
    { head: 'task', of: ({ name }) => name, href: ({ url }) => safeUrl(url) },
    { head: 'list', of: ({ lists }) => lists.map(({ id, name }) => name ?? id).join(', ') },
    { head: 'people', of: ({ assignees }) => assignees.join(', ') },
    { head: 'done', of: ({ doneAt }) => (doneAt === null ? '' : calendar.day(doneAt)) },
    { head: 'cycle', numeric: true, of: ({ cycle }) => spanText(cycle?.workingMs ?? null, workingDayMs) },
    { head: 'by the calendar', numeric: true, of: ({ cycle }) => spanText(cycle?.elapsedMs ?? null, DAY_MS) },
    { head: 'lead', numeric: true, of: ({ lead }) => spanText(lead?.workingMs ?? null, workingDayMs) },
    { head: 'reopened', numeric: true, of: ({ reopenings }) => String(reopenings) },
    { head: 'known', of: ({ precision }) => precision },
  ]
  const which =
    rows.length < report.rows.length ? `the last ${rows.length} of ${report.rows.length}` : `all ${rows.length}`
  return `<section><details><summary>Every task, ${which}</summary><div class="scroll">${tableOf('Tasks that were done, the last first', columns, rows)}</div></details></section>`
}
