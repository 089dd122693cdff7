import type { CycleReport } from './cycle-report.ts'
import { spanText } from './spans.ts'

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

/** What a report takes for granted and what it does not know, a sentence each: every form of it ends with these. */
export function assumptionsOf({ settings, workingDayMs, notes, total }: CycleReport): string[] {
  const { timeZone, workingDays, workingHours, holidays, statuses } = settings
  const mapped = Object.entries(statuses).map(([name, phase]) => `${name} is ${phase}`)
  return [
    `Working time is ${workingDays.join(', ')} from ${workingHours.from} to ${workingHours.to} in ${timeZone}` +
      `${holidays.length === 0 ? '' : `, but for ${count(holidays.length, 'holiday')}`}; a working day has ${spanText(workingDayMs, Number.POSITIVE_INFINITY)}.`,
    'Cycle time is from when a task became active at first until it was done for the last time, lead time from its making.',
    `Statuses of the type open are not started, custom ones are active, done and closed ones are done${mapped.length === 0 ? '' : `; by the config ${mapped.join(', ')}`}.`,
    'A percentile is by nearest rank: so many in a hundred took no longer. A task counts in its own list and in those that it was added to.',
    ...(notes.unmapped.length === 0
      ? []
      : [
          `Nobody has said what these statuses mean, so time in them is neither waiting nor work: ${notes.unmapped
            .map(({ status, type, tasks }) => `${status} (type ${type ?? 'unknown'}, ${count(tasks, 'task')})`)
            .join(', ')}. Map them under reports.statuses in the config.`,
        ]),
    ...(notes.withoutWork === 0
      ? []
      : [
          `${count(notes.withoutWork, 'task')} went to done without any known work: they have a lead time and no cycle time.`,
        ]),
    ...(notes.byTotals === 0
      ? []
      : [
          `${count(notes.byTotals, 'task')} of ${total.done} began or ended before the connection and ${notes.byTotals === 1 ? 'is' : 'are'} known by ClickUp's totals: beginning and end are right, returns in between are not told.`,
        ]),
    ...(notes.bySweep === 0
      ? []
      : [
          `${count(notes.bySweep, 'task')} of ${total.done} ${notes.bySweep === 1 ? 'has' : 'have'} a beginning or an end of which only a span is known, because a sweep found it or nothing was recorded before.`,
        ]),
    ...(notes.unreadable === 0 ? [] : [`${count(notes.unreadable, 'stored item')} could not be read and left out.`]),
    ...(notes.claimed === 0
      ? []
      : [`${count(notes.claimed, 'change')} being worked on ${notes.claimed === 1 ? 'is' : 'are'} not in it yet.`]),
    ...(notes.cut
      ? ['There was more to read than one run reads: name a space, or let a sweep list the spaces first.']
      : []),
  ]
}
