import { someLines } from '../check/findings.ts'

export type Report = {
  seed: number
  /** Grants of the template that were looked at. */
  grants: number
  /** Taken away, and missed by a turn or by what the function said. */
  missed: number
  /** Missed by the local stack, which does not start without. */
  refused: number
  /** Not judged, each with its reason. */
  explained: number
  /** Turns, as they were played with all rights. */
  turns: number
  /** What is wrong, a sentence each. */
  wrong: string[]
  seconds: number
}

/** Whether every grant is needed, and one was taken away. */
export const isFaultless = ({ missed, refused, wrong }: Report): boolean => missed + refused > 0 && wrong.length === 0

/** The one line that ends a run, for programs. */
export const jsonLine = (report: Report): string => JSON.stringify(report)

/** The same for people. */
export function readable(report: Report): string[] {
  const { grants, missed, refused, explained, turns, wrong, seconds, seed } = report
  const rows: [string, string][] = [
    ['rights', String(grants)],
    ['missed', `${missed} when they were taken away, one at a time, in ${turns} turns`],
    ['refused', `${refused} without which the stack does not start`],
    ['explained', `${explained} that are not judged here`],
    ['wrong', String(wrong.length)],
    ['took', `${seconds} s`],
  ]
  const verdict = isFaultless(report) ? 'Every right is needed.' : 'Not every right was seen to be needed.'
  return ['', ...rows.map(([name, text]) => `  ${name.padEnd(12)}${text}`), '', `${verdict} (seed ${seed})`, '']
}

export const findingsText = ({ wrong }: Report): string[] => someLines('wrong', wrong)
