import type { Fact, Material } from '../material.ts'
import { valueText } from './harmless.ts'
import { priorityText } from './print.ts'
import { shiftOf } from './sections.ts'
import { hoursText, isNoTime, workingText } from './times.ts'

/**
 * What the template says of facts of one kind that differ by their tasks alone; of those that tell how long something lasts, of
 * one. It is made of the words that a model may use: what the template says would stand if a model had said it.
 */
export function sentenceOf(facts: readonly Fact[], { workingDayMs }: Pick<Material, 'workingDayMs'>): string {
  const [fact] = facts
  if (fact === undefined) return ''
  const tasks = listed(facts.flatMap(({ task }) => (task === null ? [] : [`{${task}}`])))
  const isOne = facts.length === 1
  const was = isOne ? 'was' : 'were'
  const working = (ms: number) => workingText(ms, workingDayMs)
  const acted = (active: string, passive: string) =>
    'by' in fact && fact.by !== null ? `{${fact.by}} ${active} ${tasks}` : `${tasks} ${was} ${passive}`
  switch (fact.kind) {
    case 'done':
      return `${acted('finished', 'finished')}.`
    case 'deleted':
      return `${acted('deleted', 'deleted')}.`
    case 'created':
      return `${acted('created', 'created')}.`
    case 'reopened':
      return `${acted('reopened', 'reopened')}, from "${valueText(fact.from)}" back to "${valueText(fact.to)}".`
    case 'moved': {
      const from = fact.from === null ? '' : ` from "${valueText(fact.from)}"`
      return `${acted('moved', 'moved')}${from} to "${valueText(fact.to)}".`
    }
    case 'priority':
      return priority(fact, tasks)
    case 'blocked': {
      const subject = `${tasks} is blocked: `
      if (fact.forMs === null || isNoTime(fact.forMs))
        return `${subject}its ${fact.because} is "${valueText(fact.word)}".`
      const since = fact.because === 'tag' ? 'tagged' : 'in status'
      return `${subject}it has been ${since} "${valueText(fact.word)}" for ${working(fact.forMs)}.`
    }
    case 'stuck': {
      const usual = `85 of 100 tasks leave it within ${working(fact.p85Ms)}`
      return `${tasks} has been in "${valueText(fact.status)}" for ${working(fact.forMs)}; ${usual}.`
    }
    case 'time':
      return `{${fact.person}} logged ${hoursText(fact.ms)}${on(fact.tasks)}.`
    case 'working': {
      const more = fact.more === 0 ? [] : [counted(fact.more, fact.tasks.length > 0 ? 'more task' : 'task')]
      return `{${fact.person}} is working on ${listed([...fact.tasks.map((ref) => `{${ref}}`), ...more])}.`
    }
  }
}

function priority(fact: Extract<Fact, { kind: 'priority' }>, tasks: string): string {
  const [from, to] = [quotedPriority(fact.from), quotedPriority(fact.to)]
  const shift = shiftOf(fact)
  const verb =
    fact.from === null ? 'set' : fact.to === null || shift === 0 ? 'changed' : shift > 0 ? 'raised' : 'lowered'
  const way = fact.from === null ? `to ${to}` : `from ${from} to ${to}`
  return fact.by === null
    ? `The priority of ${tasks} was ${verb} ${way}.`
    : `{${fact.by}} ${verb} the priority of ${tasks} ${way}.`
}

/** The four of ClickUp's are words; whatever else one may be called stands in quotes. */
function quotedPriority(name: string | null): string {
  const text = priorityText(name)
  return /^(?:urgent|high|normal|low|none)$/i.test(text) ? text : `"${text}"`
}

const on = (tasks: readonly string[]) => (tasks.length === 0 ? '' : ` on ${listed(tasks.map((ref) => `{${ref}}`))}`)

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const [last = '', ...others] = parts.toReversed()
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`
}

/** `1 task`, `2 tasks`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
