import { someLines } from '../check/findings.ts'
import type { Judged } from './judge-run.ts'

export type Report = Judged & { seed: number; seconds: number }

/** Whether all was told and nothing else, and there was something that could have been otherwise. */
export const isFaultless = ({ compared, statements, removed, missing, extra }: Report): boolean =>
  compared > 0 && statements > 0 && removed > 0 && missing.length === 0 && extra.length === 0

/** The one line that ends a run, for programs. */
export function jsonLine(report: Report): string {
  const { seed, rounds, comments, statements, compared, missing, extra, removed, added } = report
  const { questions, tokens, costUsd, calls, seconds } = report
  return JSON.stringify({
    ...{ seed, rounds, comments, statements, compared, missing: missing.length, extra: extra.length },
    ...{
      removed,
      added,
      questions,
      tokens: tokens.input + tokens.output,
      costUsd: Number(costUsd.toFixed(6)),
      calls,
      seconds,
    },
  })
}

/** The same for people. */
export function readable(report: Report): string[] {
  const { rounds, comments, statements, compared, missing, extra, removed, added } = report
  const { questions, tokens, costUsd, calls, seconds, seed } = report
  const rows: [string, string][] = [
    ['told', `the day ${rounds} times, in ${comments} comments and ${statements} statements`],
    ['model', `${questions} questions, ${tokens.input} tokens in and ${tokens.output} out, US$ ${costUsd.toFixed(6)}`],
    ['removed', `${removed} statements of the model`],
    ['added', `${added} that it had left out`],
    ['compared', `${compared} things`],
    ['missing', String(missing.length)],
    ['extra', String(extra.length)],
    ['took', `${seconds} s and ${calls} calls to ClickUp`],
  ]
  const verdict = isFaultless(report) ? 'What was told is what happened.' : 'What was told is not what happened.'
  return ['', ...rows.map(([name, text]) => `  ${name.padEnd(15)}${text}`), '', `${verdict} (seed ${seed})`, '']
}

/** What was wrong, one line each. */
export const findingsText = ({ missing, extra }: Report): string[] => [
  ...someLines('missing', missing),
  ...someLines('extra', extra),
]
