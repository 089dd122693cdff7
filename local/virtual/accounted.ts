import type { Recorded } from '../../core/ledger/history.ts'
import { differences } from '../../core/tasks/differences.ts'
import { factsOfSnapshot } from '../../core/tasks/facts.ts'
import { observe } from '../../core/tasks/observe.ts'
import { fateOf, type TruthChange } from '../clickup/truth.ts'
import type { Run } from './run.ts'
import { truthOf } from './truth.ts'

/** Clocks of two sides, and a listing that is of a moment before. */
const TOLERANCE_MS = 5_000

/** The key under which a change of a field is accounted for, or what all such keys begin with. */
function keyOf({ field, customField }: Pick<TruthChange | Recorded, 'field' | 'customField'>): string {
  switch (field) {
    case 'assignee_add':
    case 'assignee_rem':
      return 'assignee#'
    case 'tag':
    case 'tag_removed':
      return 'tag#'
    case 'custom_field':
      return `custom_field#${customField?.id ?? ''}`
    case 'section_moved':
      return 'list'
    default:
      return field ?? ''
  }
}

/** A list that knows other statuses gives the task one of its own, and nobody tells of that. */
const keysOf = (change: TruthChange) => (change.field === 'section_moved' ? ['list', 'status'] : [keyOf(change)])

const ofTasks = ({ clickup }: Run) => clickup.log.changes().filter(({ resource }) => resource.kind === 'task')

/**
 * Of how many tasks the ledger does not account for what ClickUp shows, though all of it happened before a time: what is younger
 * than that may be under way, so fields that have changed since are left out, and custom fields that a move has taken off.
 */
export function unaccounted(run: Run, taskIds: readonly string[], before: number): string[] {
  const since = Map.groupBy(
    ofTasks(run).filter(({ date }) => date > before),
    ({ resource }) => resource.id,
  )
  return taskIds.filter((id) => {
    const seen = truthOf(run.clickup, id)
    const task = seen === null ? null : observe(null, seen)
    if (task === null) return false
    const known = run.known(id)
    if (known === null) return (run.clickup.world.task(id)?.createdAt ?? 0) <= before
    const younger = (since.get(id) ?? []).flatMap(keysOf)
    return differences(known, factsOfSnapshot(task)).some(
      ({ key, after }) =>
        !younger.some((each) => key.startsWith(each)) && !(after === null && key.startsWith('custom_field#')),
    )
  })
}

const isWithin = (date: number, { at, atEarliest }: Recorded) =>
  date >= atEarliest - TOLERANCE_MS && date <= at + TOLERANCE_MS

/** Whoever moves a task takes fields off it that its new list does not have, and nobody tells of that. */
const isLeftBehind = (change: Recorded, run: Run) =>
  change.field === 'custom_field' &&
  change.after === null &&
  ofTasks(run).some(
    ({ field, date, resource }) =>
      field === 'section_moved' && resource.id === change.resource.id && isWithin(date, change),
  )

/** Changes none of whose deliveries was ever sent. */
export const lostChanges = (run: Run): TruthChange[] => ofTasks(run).filter((change) => fateOf(change) === 'lost')

/** And those that no webhook was there for, or that were given up after all tries. */
export const undeliveredChanges = (run: Run): TruthChange[] =>
  ofTasks(run).filter((change) => !['delivered', 'pending', 'silent'].includes(fateOf(change)))

/**
 * What sweeps have put into the ledger, and which of it no lost change explains: a double, or something that never was.
 * @param missed the changes that may have been lost
 */
export function sweptChanges(run: Run, missed = lostChanges(run)): { swept: Recorded[]; unexplained: Recorded[] } {
  const swept = run.ledger().filter(({ origin, resource }) => origin === 'sweep' && resource.kind === 'task')
  const lost = Map.groupBy(missed, ({ resource }) => resource.id)
  const unexplained = swept.filter(
    (change) =>
      !(lost.get(change.resource.id) ?? []).some((one) => keyOf(one) === keyOf(change) && isWithin(one.date, change)) &&
      !isLeftBehind(change, run),
  )
  return { swept, unexplained }
}
