import { FACT_KINDS, type Material } from '../material.ts'
import { printFact } from './print.ts'
import { fullTimeText } from './times.ts'

/**
 * What a model reads of a material: a line per fact. Tasks and people are told by their refs, times and spans of time are written
 * out, so that nothing need be reckoned. Names are JSON strings in which no bracket, brace or hidden character is left as it is:
 * no name can end the data, look like a ref, or be read on another line.
 */
export function dataOf(material: Material): string {
  const { span, about, tasks, people, facts } = material
  const lines = [
    '<data>',
    `from ${fullTimeText(span.from, span.timeZone)} to ${fullTimeText(span.until, span.timeZone)} (${span.timeZone})`,
    `about ${quoted(about)}`,
    '',
    'TASKS: ref | name | list | status now',
    ...[...tasks.values()].map(({ ref, id, name, list, status }) => {
      // Of a task that was never read the id stands for its name, and ids stay here.
      return `{${ref}} | ${orUnknown(name === id ? null : name)} | ${orUnknown(list?.name)} | ${orUnknown(status)}`
    }),
    '',
    `PEOPLE: ${[...people.keys()].map((ref) => `{${ref}}`).join(' ') || 'nobody'}`,
    '',
    'FACTS: id | kind | what it is about | what is known',
    ...facts.map((fact) => {
      const { subject, line } = printFact(fact, material)
      return `${fact.id} | ${fact.kind} | ${subject} | ${line}`
    }),
    ...textLines(material),
    ...leftOut(material),
    '</data>',
  ]
  return lines.join('\n')
}

/** A text as JSON that holds no character of markup, of refs, or that is not seen. */
export const quoted = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(/[<>{}&\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  )

/** Persons in a label are refs, as everywhere. */
const textLines = ({ texts = [] }: Material): string[] =>
  texts.length === 0
    ? []
    : [
        '',
        'TEXTS: id | task | what it is | what somebody has written there',
        ...texts.map(({ id, task, label, text }) => {
          const of = task === null ? '?' : `{${task}}`
          return `${id} | ${of} | ${label.replace(/\bp[1-9]\d*\b/g, '{$&}')} | ${quoted(text)}`
        }),
      ]

const orUnknown = (text: string | null | undefined) => (text === null || text === undefined ? '?' : quoted(text))

function leftOut({ facts, totals }: Material): string[] {
  const told = Map.groupBy(facts, ({ kind }) => kind)
  const left = FACT_KINDS.flatMap((kind) => {
    const count = totals[kind] - (told.get(kind)?.length ?? 0)
    return count > 0 ? [`${count} ${kind}`] : []
  })
  return left.length === 0 ? [] : ['', `NOT LISTED: ${left.join(', ')}`]
}
