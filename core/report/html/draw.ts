import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { CycleReport } from '../cycle-report.ts'
import { spanText } from '../spans.ts'

const WIDTH = 760

/** A plot as text. Plot draws with a DOM; linkedom is one that needs no browser. */
export function drawn(title: string, description: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const svg = Plot.plot({
    document,
    width: WIDTH,
    ariaLabel: title,
    ariaDescription: description,
    ...options,
  })
  svg.setAttribute('role', 'img')
  return svg.outerHTML
}

/** In working days. */
export const days = (ms: number, { workingDayMs }: CycleReport) => ms / workingDayMs

/** A line for a percentile of all cycle times. */
type Rule = { name: string; colour: string; at: number; text: string }

/** The lines under which 50, 85 and 95 in a hundred stay. */
export function rulesOf(report: CycleReport): Rule[] {
  return (['p50', 'p85', 'p95'] as const).flatMap((name) => {
    const ms = report.total.cycle.working[name]
    const text = `${name} ${spanText(ms, report.workingDayMs)}`
    return ms === null ? [] : [{ name, colour: `var(--${name})`, at: days(ms, report), text }]
  })
}
