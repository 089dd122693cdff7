import * as z from 'zod'
import type { Recorded } from '../../ledger/history.ts'
import { actorOf, type Draft, momentOf, restingOn } from './draft.ts'
import { ofField, type Past } from './past.ts'
import type { Persons } from './persons.ts'
import type { ScopeTask } from './scope-tasks.ts'
import { isMadeIn } from './transitions.ts'

const priorityName = z.looseObject({ name: z.string() }).transform(({ name }) => name)

/**
 * From which priority to which a task came in the span; null where it is as it was. A new task's first priority is part of its
 * making and no shift, so there only what it was given after that counts.
 */
export function priorityOf({ id, state }: ScopeTask, past: Past, persons: Persons): Draft | null {
  const { changes, known } = ofField(past, 'priority')
  const told = [...known, ...changes].filter(isReadable).sort((a, b) => a.at - b.at)
  const last = told.at(-1)
  if (state === 'deleted' || last === undefined || changes.length === 0) return null
  const earlier = known.findLast(isReadable)
  const start = nameOf(earlier === undefined ? told[0]?.before : earlier.after)
  const given = told.map(({ after }) => nameOf(after)).find((each) => each !== null) ?? null
  const from = start ?? (isMadeIn(past) ? given : null)
  const to = nameOf(last.after)
  if (from === to) return null
  const by = persons.keyOf(actorOf(told, ({ before }) => nameOf(before) === from))
  const moment = momentOf(last)
  return { kind: 'priority', ...moment, by, from, to, taskId: id, changeIds: restingOn(changes), order: last.at }
}

const nameOf = (value: unknown): string | null => priorityName.safeParse(value).data ?? null

/** What was left out because it was too large says nothing of either side. */
const isReadable = ({ before, after }: Recorded) =>
  [before, after].every((value) => value === null || nameOf(value) !== null)
