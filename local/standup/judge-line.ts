import { type Findings, noFindings, shown } from '../check/findings.ts'
import type { DayTruth } from './day.ts'
import { readLine } from './read-line.ts'
import type { TaskTruth, TruthKind } from './task-truth.ts'
import { WORKING_DAY_MS } from './working-time.ts'

export const SECTIONS = ['blockers', 'done', 'progress', 'priorities', 'new', 'people'] as const
export type Section = (typeof SECTIONS)[number]

/** What a section says of each task that it names: one of these has to be true. */
const SAYS: Readonly<Record<Section, readonly TruthKind[]>> = {
  blockers: ['blocked', 'stuck'],
  done: ['done'],
  progress: ['moved', 'reopened', 'deleted'],
  priorities: ['priority'],
  new: ['created'],
  people: ['time', 'working'],
}

/** Nobody does these: they stand. */
const BY_NOBODY: ReadonlySet<TruthKind> = new Set<TruthKind>(['blocked', 'stuck', 'time', 'working'])

/** ClickUp's words for no priority. */
const NOTHING = ['none']

/** Whether one line says nothing but what was. @param section where it stands */
export function judgeLine(section: Section, line: string, day: DayTruth): Findings {
  const findings = noFindings()
  const read = readLine(line, day, WORKING_DAY_MS)
  const object = (what: string) => findings.extra.push(`${section}: ${what}: ${shown(line)}`)
  const one = (is: boolean, what: string) => {
    findings.compared += 1
    if (!is) object(what)
  }
  one(read.tasks.length + read.people.length > 0, 'it is about nobody and nothing')
  const says = (task: TaskTruth) => SAYS[section].some((kind) => task.kinds.has(kind))
  // Of tasks with one name, those are meant of which it is true.
  const meant = read.tasks.map((its) => its.filter(says))
  for (const [i, its] of meant.entries()) one(its.length > 0, `of ${shown(read.tasks[i]?.[0]?.name)} that is not true`)
  const named = meant.flat()

  const didIt = (person: string) => (task: TaskTruth) =>
    SAYS[section].some((kind) => task.kinds.has(kind) && (BY_NOBODY.has(kind) || task.doers.get(kind) === person))
  for (const person of read.people) {
    const isIt = (task: TaskTruth) => task.people.has(person) && didIt(person)(task)
    one(named.length === 0 || named.some(isIt), `${person} has nothing to do with it`)
    // One person alone has done all of it.
    for (const its of read.people.length > 1 ? [] : meant.filter((each) => each.length > 0))
      one(its.some(isIt), `${person} has not done that to ${shown(its[0]?.name)}`)
  }
  const words = new Set([...named.flatMap(({ words }) => [...words]), ...NOTHING])
  for (const text of read.values) one(words.has(text.toLowerCase()), `nothing there is called ${shown(text)}`)
  const clocks = new Set(named.flatMap(({ moments }) => moments.map((at) => clockOf(at, day.timeZone))))
  for (const clock of read.clocks) one(clocks.has(clock), `nothing happened to it at ${clock}`)
  const spans = [...named.flatMap((task) => task.spans), ...read.people.map((name) => day.people.get(name) ?? 0)]
  const grown = day.toldUntil - day.until
  for (const { ms, withinMs, text } of read.spans)
    one(
      spans.some((span) => ms >= span - withinMs && ms <= span + grown + withinMs),
      `nothing of it took ${text}`,
    )
  const counts = countsOf(section, read.people, meant.length, day)
  const usual = named.some(({ kinds }) => kinds.has('stuck')) ? [85, 100] : []
  for (const count of read.counts) one([...counts, ...usual].includes(count), `nothing there is ${count}`)
  for (const word of read.strangers) one(ALLOWED.has(word), `nobody and nothing is called ${word}`)
  return findings
}

const ALLOWED = new Set(['ClickUp', 'Hookline'])

/** What can be counted: the tasks that a line names, those of its section, and the rest of them. */
function countsOf(section: Section, people: readonly string[], named: number, day: DayTruth): readonly number[] {
  const all = SAYS[section].map((kind) => {
    const its = [...day.tasks.values()].filter(({ kinds }) => kinds.has(kind))
    return people.length === 0 ? its : its.filter((task) => people.every((person) => task.people.has(person)))
  })
  const totals = all.map(({ length }) => length)
  return [named, ...totals, ...totals.map((total) => total - named)]
}

/** A moment on the clocks of a zone, as `14:05`. */
export const clockOf = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
