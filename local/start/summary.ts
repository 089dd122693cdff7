import type { Report } from './once.ts'

/** The one line that ends a run, for programs. */
export function jsonLine(report: Report): string {
  const { seed, deliveries, accepted, refused, duplicates, changes, published } = report
  const { missing, extra, republished, quarantined, apiCalls, ackMs, endToEndMs } = report
  return JSON.stringify({
    ...{ seed, deliveries, accepted, refused, duplicates, changes, published },
    ...{ missing: missing.length, extra: extra.length, republished, quarantined, apiCalls, ackMs, endToEndMs },
  })
}

/** Whether what came out is what happened: nothing less and nothing more. */
export const isFaultless = ({ missing, extra }: Report): boolean => missing.length === 0 && extra.length === 0

/** The same for people. */
export function readable(report: Report): string[] {
  const { ackMs, endToEndMs } = report
  const rows: [string, string][] = [
    ['deliveries', `${report.deliveries}: ${report.accepted} accepted, ${report.refused} refused`],
    ['told again', `${report.duplicates} times, by a twin event or a copy`],
    ['changes', `${report.changes} happened, ${report.published} published`],
    ['missing', String(report.missing.length)],
    ['extra', String(report.extra.length)],
    ['quarantined', String(report.quarantined)],
    ['API calls', String(report.apiCalls)],
    ['acknowledged', `p50 ${ackMs.p50} ms, p99 ${ackMs.p99} ms`],
    ['end to end', `p50 ${endToEndMs.p50} ms, p99 ${endToEndMs.p99} ms`],
  ]
  const verdict = isFaultless(report)
    ? 'Every change came out once, and nothing else did.'
    : 'What came out is not what happened.'
  return ['', ...rows.map(([name, text]) => `  ${name.padEnd(14)}${text}`), '', `${verdict} (seed ${report.seed})`, '']
}

const SHOWN = 10

/** What was wrong, in so many lines that one can still read them. */
export function findings({ missing, extra }: Report): string[] {
  return [...shown('missing', missing), ...shown('extra', extra)]
}

const shown = (kind: string, lines: readonly string[]) => [
  ...lines.slice(0, SHOWN).map((line) => `${kind}: ${line}`),
  ...(lines.length > SHOWN ? [`${kind}: and ${lines.length - SHOWN} more`] : []),
]
