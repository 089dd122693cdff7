import * as Plot from '@observablehq/plot'
import type { CycleReport } from '../cycle-report.ts'
import type { CycleRow } from '../cycle-row.ts'
import { spanText } from '../spans.ts'
import { days, drawn, rulesOf } from './draw.ts'

/** With more dots than this no browser scrolls the page; the slowest are kept, and of the others every so manieth. */
const MOST_DOTS = 4_000

/** Each task that was done, by when and how long it took, with the lines under which 50, 85 and 95 in a hundred stay. */
export function scatterPlot(report: CycleReport): string {
  const all = report.rows.filter(({ cycle }) => cycle !== null)
  const rows = thinned(all)
  const rules = rulesOf(report)
  const most = Math.max(1, ...all.map(({ cycle }) => days(cycle?.workingMs ?? 0, report)))
  const height = 390
  const [top, bottom] = [22, 32]
  const pixel = (value: number) => top + (height - top - bottom) * (1 - Math.sqrt(value / most))
  return drawn(
    'Cycle time of each task',
    'A dot for each task: when it was done, and its cycle time in working days.',
    {
      height,
      marginTop: top,
      marginBottom: bottom,
      marginRight: 84,
      marginLeft: 44,
      x: { type: 'utc', label: null, domain: [new Date(report.since), new Date(report.until)] },
      // A root, because what takes an hour and what takes a month are to be seen together, and zero is a time, too.
      y: { type: 'sqrt', label: '↑ working days', grid: true, domain: [0, most], ticks: 6 },
      marks: [
        Plot.dot(rows, {
          x: ({ doneAt }: CycleRow) => new Date(doneAt ?? 0),
          y: ({ cycle }: CycleRow) => days(cycle?.workingMs ?? 0, report),
          r: 3.2,
          fill: 'var(--accent)',
          fillOpacity: 0.45,
          title: (row: CycleRow) => `${row.name}: ${spanText(row.cycle?.workingMs ?? null, report.workingDayMs)}`,
        }),
        ...rules.flatMap(({ at, colour, text }, i) => [
          Plot.ruleY([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: '5 4' }),
          Plot.text([at], {
            y: (value: number) => value,
            text: () => text,
            fill: colour,
            fontWeight: 600,
            frameAnchor: 'right',
            textAnchor: 'start',
            dx: 8,
            dy: raised(
              rules.map((rule) => pixel(rule.at)),
              i,
            ),
          }),
        ]),
        Plot.ruleY([0], { stroke: 'var(--axis)' }),
      ],
    },
  )
}

const LINE_PX = 15

/** How far a label has to be lifted so as not to cover the one below; `pixels` of the lines, the lowest first. */
function raised(pixels: readonly number[], index: number): number {
  let floor = Number.POSITIVE_INFINITY
  for (const pixel of pixels.slice(0, index)) floor = Math.min(floor - LINE_PX, pixel)
  return Math.min(0, floor - LINE_PX - (pixels[index] ?? 0))
}

function thinned(rows: readonly CycleRow[]): CycleRow[] {
  if (rows.length <= MOST_DOTS) return [...rows]
  const slowest = new Set([...rows].sort((a, b) => (b.cycle?.workingMs ?? 0) - (a.cycle?.workingMs ?? 0)).slice(0, 200))
  const step = Math.ceil(rows.length / (MOST_DOTS - slowest.size))
  return rows.filter((row, i) => i % step === 0 || slowest.has(row))
}
