import type { DayTruth } from './day.ts'
import type { TaskTruth } from './task-truth.ts'

/** What a line of a text names, and what is left of it. */
export type Read = {
  /** Each name with the tasks that are called so: one of them is meant. */
  tasks: readonly (readonly TaskTruth[])[]
  people: readonly string[]
  /** What stands in quotes and is no task's name: statuses, tags. And ClickUp's own priorities, in quotes or without. */
  values: readonly string[]
  /** Times of the day, as `14:05`. */
  clocks: readonly string[]
  /** Spans of time in ms, and how exactly each was said. */
  spans: readonly { ms: number; withinMs: number; text: string }[]
  /** Other numbers, in digits or words. */
  counts: readonly number[]
  /** Words with a capital that begin no sentence, and are in no name that was read. */
  strangers: readonly string[]
}

const NUMBER_WORDS = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty'],
]
/** ClickUp's own. A task may also have none. */
const PRIORITIES = ['urgent', 'high', 'normal', 'low']
const BIG = ['thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'dozen']
const DAY_NAMES = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun'
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const MOMENT = new RegExp(`(?:(?:${DAY_NAMES}) )?(?:\\d{1,2} (?:${MONTHS}) )?(?:\\d{4} )?(\\d{1,2}:\\d\\d)`, 'g')
const SPAN = /(\d+(?:\.\d+)?) working days?|(?:(\d+) h(?: (\d+) min)?|(\d+) min)(?![a-z])(?: of working time)?/g
const QUOTED = /["“«]([^"”»]*)["”»]/g
const MINUTE = 60_000
/** What stands for a name that has been read. */
const DONE = ' \u0001 '

/** Letters and figures of a name, whatever stands between them: quotes, escapes and dashes differ from place to place. */
function loose(name: string): RegExp | null {
  const words = name.match(/[\p{L}\p{N}\p{M}]+/gu)
  if (words === null) return null
  return new RegExp(`["“«]?(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]{1,6}')}(?![\\p{L}\\p{N}])["”»]?`, 'giu')
}

/** Reads one line: names first, as there may be anything in them. @param workingDayMs what a working day is said to have */
export function readLine(line: string, day: DayTruth, workingDayMs: number): Read {
  // Markdown's escapes.
  let rest = line.replace(/\\(?=[^\p{L}\p{N}\s])/gu, '')
  const found = <Value>(name: string, value: Value): Value[] => {
    const pattern = loose(name)
    if (pattern === null || !pattern.test(rest)) return []
    rest = rest.replace(pattern, DONE)
    return [value]
  }
  const byName = [...Map.groupBy(day.tasks.values(), ({ name }) => name)].toSorted(([a], [b]) => b.length - a.length)
  const tasks = byName.flatMap(([name, its]) => found(name, its))
  const people = [...day.people.keys()].flatMap((name) => found(name, name))
  for (const name of day.lists) found(name, name)

  const take = (pattern: RegExp): RegExpMatchArray[] => {
    const all = [...rest.matchAll(pattern)]
    rest = rest.replace(pattern, DONE)
    return all
  }
  const quoted = take(QUOTED).map(([, text = '']) => text)
  const clocks = take(MOMENT).flatMap(([, clock = '']) => clock.padStart(5, '0'))
  const spans = take(SPAN).map(([text, days, hours = '0', minutes = '0', alone]) => {
    if (days !== undefined)
      return { text, ms: Number(days) * workingDayMs, withinMs: workingDayMs * 0.051 + 2 * MINUTE }
    const ms = alone === undefined ? Number(hours) * 60 + Number(minutes) : Number(alone)
    return { text, ms: ms * MINUTE, withinMs: 2 * MINUTE }
  })
  const digits = take(/\d+(?:[.,]\d+)*/g).map(([text]) => Number(text.replaceAll(',', '')))
  const strangers = strangersIn(rest)
  const words = [...rest.matchAll(/[\p{L}][\p{L}'’-]*/gu)].map(([word]) => word.toLowerCase())
  const values = [...quoted, ...words.filter((word) => PRIORITIES.includes(word))]
  const spoken = words.flatMap((word) => {
    const at = NUMBER_WORDS.indexOf(word)
    // "One" is a pronoun as often as a number.
    if (at > 1) return [at]
    return BIG.includes(word) ? [Number.NaN] : []
  })
  return { tasks, people, values, clocks, spans, counts: [...digits, ...spoken], strangers }
}

/** Words with a capital that neither begin the line nor a sentence: a name that nobody bears. */
const strangersIn = (text: string): string[] =>
  [...text.matchAll(/(?<![.:!?•*-]\s*)(?<!^\s*)(?<![\p{L}\p{N}])\p{Lu}[\p{L}'’-]*/gu)].map(([word]) => word)
