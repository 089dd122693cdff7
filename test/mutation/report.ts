import { isGood, type Survivor, type Verdict } from './verdict.ts'

/** The one line that ends a run, for programs. */
export const jsonLine = (verdicts: readonly Verdict[], seed: number): string =>
  JSON.stringify({
    seed,
    good: verdicts.length > 0 && verdicts.every(isGood),
    subjects: verdicts.map(({ name, noticed, tried, score, survivors, seconds }) => ({
      ...{ name, tried, noticed, score: rounded(score) },
      survived: survivors.length,
      unexplained: survivors.filter(({ reason }) => reason === null).length,
      seconds,
    })),
  })

/** The same for people. */
export function readable(verdicts: readonly Verdict[]): string[] {
  const rows = verdicts.map((verdict) => {
    const { name, noticed, tried, score, survivors, seconds } = verdict
    const unexplained = survivors.filter(({ reason }) => reason === null).length
    const left = survivors.length === 0 ? '' : `, ${survivors.length} survived, ${unexplained} of them unexplained`
    const share = `${rounded(score).toFixed(1)} %`
    return `  ${name.padEnd(12)}${share.padStart(8)}  ${noticed} of ${tried}${left}; ${seconds} s`
  })
  return ['', ...rows, '']
}

/** What has survived and is not explained, one line each. */
export const findingsText = ({ survivors }: Verdict): string[] =>
  survivors.filter(({ reason }) => reason === null).map(survivorText)

const survivorText = ({ file, at, from, to, isRun }: Survivor): string =>
  `${file}:${at}: nobody notices ${shortened(from)} becoming ${shortened(to)}${isRun ? '' : ', nor that it runs'}`

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text || 'nothing')

const rounded = (score: number): number => Math.floor(score * 10) / 10
