import { someLines } from '../check/findings.ts'
import type { Compared } from './compare.ts'

export type Report = Compared & {
  seed: number
  /** Everything that happened, what no event tells included. */
  happened: number
  sweeps: number
  censuses: number
  calls: number
  seconds: number
}

/** Whether all is as it was, and there was something that could have been otherwise. */
export const isFaultless = ({ compared, lost, suspended, missing, extra }: Report): boolean =>
  compared > 0 && lost > 0 && suspended > 0 && missing.length === 0 && extra.length === 0

/** The one line that ends a run, for programs. */
export function jsonLine(report: Report): string {
  const { seed, happened, compared, lost, suspended, late, completed, repaired } = report
  const { unrecoverable, missing, extra, sweeps, censuses, calls, seconds } = report
  return JSON.stringify({
    ...{ seed, happened, compared, lost, suspended, late, completed, repaired },
    ...{ unrecoverable: unrecoverable.length, missing: missing.length, extra: extra.length },
    ...{ sweeps, censuses, calls, seconds },
  })
}

/** The same for people. */
export function readable(report: Report): string[] {
  const rows: [string, string][] = [
    ['happened', `${report.happened} changes`],
    ['not delivered', `${report.lost}, of them ${report.suspended} while the webhook was suspended`],
    ['late', `${report.late}, of which ${report.completed} completed what a sweep had found`],
    ['repaired', `${report.repaired} changes by ${report.sweeps} sweeps and ${report.censuses} censuses`],
    ['unrecoverable', String(report.unrecoverable.length)],
    ['compared', `${report.compared} things`],
    ['missing', String(report.missing.length)],
    ['extra', String(report.extra.length)],
    ['took', `${report.seconds} s and ${report.calls} calls to ClickUp`],
  ]
  const verdict = isFaultless(report) ? 'All is as it was.' : 'What is known is not what happened.'
  return ['', ...rows.map(([name, text]) => `  ${name.padEnd(15)}${text}`), '', `${verdict} (seed ${report.seed})`, '']
}

/** What was wrong, one line each. */
export const findingsText = ({ missing, extra }: Report): string[] => [
  ...someLines('missing', missing),
  ...someLines('extra', extra),
]
