import { type Findings, noFindings, shown, together } from '../check/findings.ts'
import type { DayTruth } from './day.ts'
import { judgeLine, SECTIONS, type Section } from './judge-line.ts'
import type { Planted } from './plant.ts'
import { readLine } from './read-line.ts'
import { WORKING_DAY_MS } from './working-time.ts'

export type Line = { section: Section; text: string }

/** The statements of a comment: what stands under each heading, a line each. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let section: Section | null = null
  for (const line of text.split('\n')) {
    const heading = SECTIONS.find((each) => each === line.replace(/[^\p{L}]/gu, '').toLowerCase())
    const item = /^\s*[•*-]\s+(.*)$/u.exec(line)?.[1]
    if (heading !== undefined) section = heading
    // A paragraph of its own ends the list.
    else if (item === undefined && line.trim() !== '') section = null
    else if (item !== undefined && section !== null) lines.push({ section, text: item })
  }
  return lines
}

/** Whether all that is said is true. */
export const judgePrecision = (lines: readonly Line[], day: DayTruth): Findings =>
  together(lines.map(({ section, text }) => judgeLine(section, text, day)))

/** Where each thing belongs. */
const SECTION: Readonly<Record<Planted['kind'], Section>> = {
  ...{ blocked: 'blockers', stuck: 'blockers', done: 'done', moved: 'progress', reopened: 'progress' },
  ...{ deleted: 'progress', priority: 'priorities', created: 'new', time: 'people', working: 'people' },
}

/**
 * Whether all that was planted is said, where it belongs.
 * @param whole with what need not be told where a model has the word
 */
export function judgeRecall(
  lines: readonly Line[],
  day: DayTruth,
  { planted, whole }: { planted: readonly Planted[]; whole: boolean },
): Findings {
  const findings = noFindings()
  const read = lines.map(({ section, text }) => ({ section, ...readLine(text, day, WORKING_DAY_MS) }))
  for (const { kind, taskId, must, person } of planted) {
    if (!must && !whole) continue
    findings.compared += 1
    const told = read.some(
      ({ section, tasks, people }) =>
        section === SECTION[kind] &&
        tasks.some((its) => its.some(({ id }) => id === taskId)) &&
        (person === undefined || people.includes(person)),
    )
    const name = day.tasks.get(taskId)?.name
    if (!told) findings.missing.push(`${SECTION[kind]}: ${shown(name)} (${kind}${person ? `, ${person}` : ''})`)
  }
  return findings
}
