import * as Plot from '@observablehq/plot'
import type { CycleReport } from '../cycle-report.ts'
import type { Group } from '../groups.ts'
import { spanText } from '../spans.ts'
import { days, drawn } from './draw.ts'
import { paletteOf } from './palette.ts'

/** More bars than this cannot be told apart. */
export const MOST_BARS = 12

/** Where the time went: for all and for each group the average time in each status before a task was done. */
export function statusPlot(report: CycleReport): string {
  const palette = paletteOf(report)
  const colours = new Map(palette.map(({ status, colour }) => [status, colour]))
  const groups = barsOf(report)
  const bars = groups.flatMap((group) => segmentsOf(group, report, colours))
  return drawn(
    'Time in each status',
    'A bar for each group, in it the average working days that a task spent in each status.',
    {
      height: 56 + groups.length * 34,
      marginTop: 6,
      marginLeft: 150,
      marginRight: 60,
      marginBottom: 36,
      x: { label: 'working days on average →', grid: true, ticks: 6 },
      y: { label: null, domain: groups.map(({ name }) => clipped(name)), padding: 0.28, tickSize: 0 },
      marks: [
        Plot.barX(bars, { x1: 'from', x2: 'to', y: 'group', fill: 'colour', title: 'text', insetRight: 1 }),
        Plot.text(
          groups.map((group) => ({
            group: clipped(group.name),
            at: lengthOf(group, report),
            text: spanText(sumOf(group), report.workingDayMs),
          })),
          { x: 'at', y: 'group', text: 'text', textAnchor: 'start', dx: 6, fill: 'var(--muted)' },
        ),
        Plot.ruleX([0], { stroke: 'var(--axis)' }),
      ],
    },
  )
}

/** All together first, then the groups, as many as can be told apart. */
export const barsOf = ({ total, groups, by }: CycleReport): Group[] => [
  { ...total, name: 'all' },
  ...(by === 'week' ? groups.slice(-MOST_BARS) : groups.slice(0, MOST_BARS)),
]

const sumOf = ({ statuses }: Group) =>
  statuses.reduce((sum, { phase, workingMs }) => (phase === 'done' ? sum : sum + workingMs), 0)
const lengthOf = (group: Group, report: CycleReport) => days(sumOf(group), report)

function segmentsOf(group: Group, report: CycleReport, colours: ReadonlyMap<string, string>) {
  let at = 0
  return group.statuses.flatMap(({ status, phase, workingMs }) => {
    if (phase === 'done') return []
    const from = at
    at += days(workingMs, report)
    const text = `${group.name}, ${status}: ${spanText(workingMs, report.workingDayMs)}`
    return [{ group: clipped(group.name), from, to: at, colour: colours.get(status) ?? 'var(--unmapped)', text }]
  })
}

const clipped = (name: string) => (name.length > 22 ? `${name.slice(0, 21).toWellFormed()}…` : name)
