import * as Plot from '@observablehq/plot'
import type { CycleReport } from '../cycle-report.ts'
import { spanText } from '../spans.ts'
import { days, drawn, rulesOf } from './draw.ts'

/** How many tasks took how long. What took longer than nearly all is counted in the last bar. */
export function histogram(report: CycleReport): string {
  const { bars, width } = binsOf(report)
  const rules = rulesOf(report).filter(({ at }) => at < bars.length * width)
  return drawn('How many tasks took how long', 'A bar for each range of cycle times in working days.', {
    height: 330,
    marginTop: 24,
    marginLeft: 44,
    x: { label: 'working days →', domain: [0, bars.length * width] },
    y: { label: '↑ tasks', grid: true, domain: [0, Math.max(1, ...bars.map(({ tasks }) => tasks))], tickFormat: 'd' },
    marks: [
      Plot.rectY(bars, {
        x1: 'from',
        x2: 'to',
        y: 'tasks',
        fill: 'var(--accent)',
        fillOpacity: 0.8,
        insetLeft: 1,
        title: 'text',
      }),
      ...rules.flatMap(({ at, colour, name }) => [
        Plot.ruleX([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: '5 4' }),
        Plot.text([at], {
          x: (value: number) => value,
          text: () => name,
          fill: colour,
          fontWeight: 600,
          frameAnchor: 'top',
          dy: -13,
        }),
      ]),
      Plot.ruleY([0], { stroke: 'var(--axis)' }),
    ],
  })
}

const NICE = [1 / 24, 1 / 8, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]

/** Ranges of working days with a width that people can read, up to what nearly all stay under. */
export function binsOf(report: CycleReport) {
  const values = report.rows
    .flatMap(({ cycle }) => (cycle === null ? [] : [days(cycle.workingMs, report)]))
    .sort((a, b) => a - b)
  const reach = Math.max(0.05, (values[Math.ceil(values.length * 0.97) - 1] ?? 0) * 1.05)
  const width = NICE.find((each) => reach / each <= 24) ?? Math.ceil(reach / 24)
  const number = Math.max(4, Math.ceil(reach / width))
  const bars = Array.from({ length: number }, (_, i) => {
    const isLast = i === number - 1
    const from = i * width
    const tasks = values.filter((value) => value >= from && (isLast || value < from + width)).length
    const range = `${spanText(from * report.workingDayMs, report.workingDayMs)} ${
      isLast ? 'and more' : `to ${spanText((from + width) * report.workingDayMs, report.workingDayMs)}`
    }`
    return { from, to: from + width, tasks, range, text: `${range}: ${tasks}` }
  })
  return { bars, width }
}
