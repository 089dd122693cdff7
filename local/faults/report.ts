import type { Shared } from './share.ts'

export type Report = { seed: number; breaks: string | null; subjects: readonly Shared[]; seconds: number }

const MOST_WRONG = 3
const MOST_FINDINGS = 20

/** Whether every run ended as it should, and there were runs. */
export const isFaultless = ({ subjects }: Report): boolean =>
  subjects.length > 0 && subjects.every(({ compared, findings }) => compared > 0 && findings.length === 0)

/** The one line that ends a run, for programs. */
export function jsonLine(report: Report): string {
  const { seed, breaks, subjects, seconds } = report
  return JSON.stringify({
    ...{ seed, break: breaks, ok: isFaultless(report) },
    compared: subjects.reduce((sum, { compared }) => sum + compared, 0),
    unequal: subjects.reduce((sum, { findings }) => sum + findings.length, 0),
    subjects: subjects.map(({ subject, calls, compared, findings }) => ({
      ...{ subject, calls, compared, unequal: findings.length },
      again: findings.map(({ again }) => again),
    })),
    seconds,
  })
}

/** What was wrong with one subject, for people: each with the command that repeats it. */
export function findingsText({ subject, findings }: Shared): string[] {
  const told = findings
    .slice(0, MOST_FINDINGS)
    .flatMap(({ what, wrong, again }) => [
      `${subject}: ${what}`,
      ...wrong.slice(0, MOST_WRONG).map((line) => `    ${line}`),
      ...(wrong.length > MOST_WRONG ? [`    and ${wrong.length - MOST_WRONG} more`] : []),
      `  ${again}`,
    ])
  return findings.length > MOST_FINDINGS ? [...told, `and ${findings.length - MOST_FINDINGS} more`] : told
}

export function verdict(report: Report): string {
  const compared = report.subjects.reduce((sum, each) => sum + each.compared, 0)
  const text = isFaultless(report)
    ? 'Every run ended as the undisturbed one.'
    : 'Not every run ended as the undisturbed one.'
  return `${text} (${compared.toLocaleString('en-US')} runs, seed ${report.seed}, ${report.seconds} s)`
}
