import * as Plot from '@observablehq/plot'
import type { CycleReport } from '../cycle-report.ts'
import { drawn } from './draw.ts'

const DAY_MS = 86_400_000

/** Tasks done in each week. */
export function throughputPlot(report: CycleReport): string {
  const weeks = report.weeks.map(({ name, startAt, done }) => ({
    from: new Date(startAt + DAY_MS * 0.4),
    to: new Date(startAt + DAY_MS * 6.6),
    done,
    text: `${name}: ${done}`,
  }))
  return drawn('Tasks done by week', 'A bar for each ISO week: how many tasks were done in it.', {
    height: 310,
    marginTop: 24,
    marginLeft: 44,
    x: { type: 'utc', label: null },
    y: {
      label: '↑ tasks',
      grid: true,
      domain: [0, Math.max(1, ...weeks.map(({ done }) => done))],
      tickFormat: 'd',
      ticks: 5,
    },
    marks: [
      Plot.rectY(weeks, {
        x1: 'from',
        x2: 'to',
        y: 'done',
        fill: 'var(--done)',
        fillOpacity: 0.85,
        rx: 2,
        title: 'text',
      }),
      Plot.ruleY([0], { stroke: 'var(--axis)' }),
    ],
  })
}
