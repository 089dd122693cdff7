import * as z from 'zod'
import type { Explanation } from './explained.ts'
import { LEAST_SCORE } from './options.ts'

const position = z.object({ line: z.number(), column: z.number() })

/** What is used of Stryker's results. Its lines and columns begin with 1, and `end` is behind the last character. */
export const mutantsSchema = z.array(
  z.object({
    fileName: z.string(),
    mutatorName: z.string(),
    replacement: z.string(),
    status: z.enum([
      'Killed',
      'Survived',
      'NoCoverage',
      'CompileError',
      'RuntimeError',
      'Timeout',
      'Ignored',
      'Pending',
    ]),
    location: z.object({ start: position, end: position }),
  }),
)
export type Mutant = z.infer<typeof mutantsSchema>[number]

/** A change that no test has noticed. */
export type Survivor = {
  file: string
  at: number
  line: string
  from: string
  to: string
  isRun: boolean
  reason: string | null
}

export type Verdict = {
  name: string
  /** Of the changes that were tried, so many were noticed, and the same in percent. */
  noticed: number
  tried: number
  score: number
  survivors: Survivor[]
  seconds: number
}

/** Whether the tests of a subject are good enough: something was tried, most was noticed, and the rest is explained. */
export const isGood = ({ tried, score, survivors }: Verdict): boolean =>
  tried > 0 && score >= LEAST_SCORE && survivors.every(({ reason }) => reason !== null)

/** @param sources the text of each file, by the name that the mutants bear */
export function verdictOf(
  name: string,
  mutants: readonly Mutant[],
  sources: ReadonlyMap<string, string>,
  { root, explained, seconds }: { root: string; explained: readonly Explanation[]; seconds: number },
): Verdict {
  const some = (...statuses: Mutant['status'][]) => mutants.filter(({ status }) => statuses.includes(status))
  // A change that makes a loop endless is noticed by whoever waits for it.
  const noticed = some('Killed', 'Timeout').length
  const left = some('Survived', 'NoCoverage')
  const tried = noticed + left.length
  const survivors = left.map((mutant) => survivorOf(mutant, sources.get(mutant.fileName) ?? '', root, explained))
  survivors.sort((a, b) => a.file.localeCompare(b.file) || a.at - b.at)
  return { name, noticed, tried, score: tried === 0 ? 0 : (100 * noticed) / tried, survivors, seconds }
}

function survivorOf(mutant: Mutant, source: string, root: string, explained: readonly Explanation[]): Survivor {
  const { start, end } = mutant.location
  const file = mutant.fileName.replace(`${root}/`, '')
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const [line = ''] = lines
  const last = lines.length - 1
  const cut = lines.map((text, i) =>
    text.slice(i === 0 ? start.column - 1 : 0, i === last ? end.column - 1 : undefined),
  )
  const survivor = {
    file,
    at: start.line,
    line: line.trim(),
    from: oneLine(cut.join('\n')),
    to: oneLine(mutant.replacement),
  }
  const reason = explained.find((each) => explains(each, survivor))?.reason ?? null
  return { ...survivor, isRun: mutant.status === 'Survived', reason }
}

const explains = ({ file, from, to, line }: Explanation, survivor: Omit<Survivor, 'isRun' | 'reason'>): boolean =>
  survivor.file === file &&
  survivor.from === from &&
  [to].flat().includes(survivor.to) &&
  (line === undefined || survivor.line === line)

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
