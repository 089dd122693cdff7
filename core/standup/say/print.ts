import type { Fact, Material } from '../material.ts'
import { valueText } from './harmless.ts'
import { NO_PRIORITY } from './sections.ts'
import { hoursText, isNoTime, timeText, workingText } from './times.ts'

/** A fact as a model reads it, and as what a model says of it is compared with. */
export type PrintedFact = {
  /** The task or person that it is about, as `{t1}`. */
  subject: string
  line: string
  /** Names of statuses, priorities and tags that stand in the line. */
  values: readonly string[]
  /** Refs of all tasks that it is about. */
  tasks: readonly string[]
  /** Ref of who did it; null where that is not known, `nobody` where nobody does such a thing. */
  actor: string | null | 'nobody'
}

export function printFact(fact: Fact, { span, workingDayMs }: Pick<Material, 'span' | 'workingDayMs'>): PrintedFact {
  const subject = `{${fact.task ?? ('person' in fact ? fact.person : '')}}`
  const tasks = fact.task === null ? ('tasks' in fact ? fact.tasks : []) : [fact.task]
  const by = 'by' in fact && fact.by !== null ? ` by {${fact.by}}` : ''
  // Whoever reads a time takes it for that at which it happened.
  const at = 'at' in fact && fact.isAtLatest !== true ? ` at ${timeText(fact.at, span.timeZone)}` : ''
  const when = `${by}${at}`.trim()
  const printed = (line: string, values: readonly string[] = []): PrintedFact => ({
    ...{ subject, line, values, tasks },
    actor: 'by' in fact ? fact.by : 'person' in fact ? fact.person : 'nobody',
  })
  const working = (ms: number) => workingText(ms, workingDayMs)
  switch (fact.kind) {
    case 'done': {
      const status = valueText(fact.status)
      return printed(listedParts(when, `status "${status}"`), [status])
    }
    case 'deleted':
      return printed(when)
    case 'blocked': {
      const word = valueText(fact.word)
      const lasting = fact.forMs === null || isNoTime(fact.forMs) ? '' : ` for ${working(fact.forMs)}`
      return printed(`${fact.because} "${word}"${lasting}`, [word])
    }
    case 'stuck': {
      const status = valueText(fact.status)
      const usual = `85 of 100 tasks leave it within ${working(fact.p85Ms)}`
      return printed(`in "${status}" for ${working(fact.forMs)}; ${usual}`, [status])
    }
    case 'created': {
      const status = fact.status === null ? null : valueText(fact.status)
      return status === null ? printed(when) : printed(listedParts(when, `status "${status}"`), [status])
    }
    case 'reopened':
    case 'moved': {
      const [from, to] = [fact.from === null ? null : valueText(fact.from), valueText(fact.to)]
      const way = from === null ? `to "${to}"` : `from "${from}" to "${to}"`
      return printed(`${way} ${when}`.trimEnd(), from === null ? [to] : [from, to])
    }
    case 'priority': {
      const [from, to] = [priorityText(fact.from), priorityText(fact.to)]
      return printed(`from "${from}" to "${to}" ${when}`.trimEnd(), [from, to])
    }
    case 'time':
      return printed([hoursText(fact.ms), ...(tasks.length === 0 ? [] : [`on ${refs(tasks)}`])].join(' '))
    case 'working':
      return printed([refs(tasks), more(fact.more)].filter((part) => part !== '').join(' and '))
  }
}

export const priorityText = (name: string | null): string => (name === null ? NO_PRIORITY : valueText(name))

const listedParts = (...parts: string[]) => parts.filter((part) => part !== '').join(', ')

const refs = (tasks: readonly string[]) => tasks.map((ref) => `{${ref}}`).join(', ')
const more = (count: number) => (count === 0 ? '' : `${count} more ${count === 1 ? 'task' : 'tasks'}`)
