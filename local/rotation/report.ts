import { someLines } from '../check/findings.ts'
import type { Percentiles } from '../start/figures.ts'

/** What was judged. */
type What = 'answers' | 'changes' | 'gaps' | 'retired' | 'rotations' | 'quarantine'

export type Report = {
  seed: number
  /** One line each for what does not hold. */
  faults: Readonly<Record<What, readonly string[]>>
  /** Deliveries that ClickUp has put on their way. */
  deliveries: number
  /** Requests that were answered while the load went on, a second. */
  perSecond: number
  /** Requests that it has sent: as many, unless something was tried again or was never sent. */
  requests: number
  refused: number
  /** Different secrets that verified some of them. */
  secrets: number
  rotations: number
  ways: readonly string[]
  restarts: number
  ackMs: Percentiles
  happened: number
  compared: number
  missing: number
  extra: number
  /** Told nobody, in the gaps. */
  lost: number
  repaired: number
  unrecoverable: number
  gaps: number
  loadSeconds: number
  drainSeconds: number
  seconds: number
}

const wrongIn = ({ faults }: Report): [string, readonly string[]][] =>
  Object.entries(faults).filter(([, lines]) => lines.length > 0)

/** Whether all that must hold does, and there was something that could have been otherwise. */
export const isFaultless = (report: Report): boolean =>
  report.requests > 0 && report.compared > 0 && report.restarts > 0 && wrongIn(report).length === 0

/** The one line that ends a run, for programs; `wrong` names what does not hold. */
export function jsonLine({ faults, ...figures }: Report): string {
  const wrong = wrongIn({ faults, ...figures }).map(([what]) => what)
  return JSON.stringify({ ...figures, wrong })
}

/** The same for people. */
export function readable(report: Report): string[] {
  const { deliveries, perSecond, requests, refused, secrets, ways, restarts, ackMs, gaps } = report
  const rows: [string, string][] = [
    ['delivered', `${deliveries} deliveries in ${report.loadSeconds} s, ${perSecond} a second answered`],
    [
      'answered',
      `${requests - refused} of ${requests} with 200; half within ${ackMs.p50} ms, all but 1 % in ${ackMs.p99} ms`,
    ],
    ['rotated', `${report.rotations} times (${ways.join(', ')}), by ${secrets} secrets`],
    ['restarted', `${restarts} verifiers`],
    ['happened', `${report.happened} changes, of which nobody was told of ${report.lost} in ${gaps} gaps`],
    ['repaired', `${report.repaired}; ${report.unrecoverable} not to be recovered`],
    ['compared', `${report.compared} things: ${report.missing} missing, ${report.extra} extra`],
    ['took', `${report.seconds} s, of which ${report.drainSeconds} s to work off what was queued`],
  ]
  const verdict = isFaultless(report) ? 'Nothing was refused, lost or doubled.' : 'Rotating was not boring.'
  return ['', ...rows.map(([name, text]) => `  ${name.padEnd(12)}${text}`), '', `${verdict} (seed ${report.seed})`, '']
}

/** What does not hold, one line each. */
export const faultsText = (report: Report): string[] =>
  wrongIn(report).flatMap(([what, lines]) => someLines(what, lines))
