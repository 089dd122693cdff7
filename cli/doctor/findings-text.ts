import { CHECKS, type Finding, type Level } from '../../core/doctor/finding.ts'
import { counted } from '../output/notes.ts'
import { plain, type Style, widthOf } from '../output/text.ts'

type Paint = (style: Style, text: string) => string

const MARKS: Readonly<Record<Level, readonly [string, Style]>> = {
  pass: ['PASS', 'green'],
  warn: ['WARN', 'yellow'],
  fail: ['FAIL', 'red'],
  skip: ['skip', 'dim'],
}

const NAMES = Math.max(...Object.values(CHECKS).map(widthOf))

/** One finding, as soon as it is made: the mark, the check, what was seen, and beneath what to do. */
export function findingText({ check, level, text, advice }: Finding, paint: Paint): string {
  const [mark, style] = MARKS[level]
  const line = `${paint(style, mark)}  ${CHECKS[check].padEnd(NAMES)}  ${plain(text)}\n`
  return advice === null ? line : `${line}${' '.repeat(NAMES + 8)}${paint('bold', plain(advice))}\n`
}

/** The last line: how it all comes out. */
export function summaryText(
  findings: readonly Finding[],
  { passed, gate }: { passed: boolean; gate: boolean },
): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  const told = `${count('pass')} pass, ${counted(count('warn'), 'warning')}, ${counted(count('fail'), 'failure')}, ${count('skip')} skipped`
  if (passed) return gate ? `${told}: it may go on.` : `${told}.`
  return gate ? `${told}: it must not go on like this.` : `${told}.`
}
