import { isDeepStrictEqual } from 'node:util'
import { observationOf, taskAnswerSchema } from '../../core/clickup/task.ts'
import { canonical, type Json, jsonSchema } from '../../core/platform/json.ts'
import type { Observation, Snapshot } from '../../core/tasks/snapshot.ts'
import type { Task } from '../clickup/world/types.ts'
import type { VirtualClickUp } from './clickup.ts'

/** A field of which our snapshot says something else than ClickUp would. */
export type Difference = { readonly taskId: string; readonly field: string; readonly ours: Json; readonly theirs: Json }

export type Truth = {
  /** Whether every snapshot equals the truth. Looks only at what was not equal before, so it may be asked often. */
  holds(): boolean
  /** Every difference, everything looked at anew. */
  differences(): Difference[]
  /** How many tasks there are of which a delivery told a change. */
  tasks(): number
}

/**
 * Compares snapshots with ClickUp's truth: every field that a snapshot holds, of every task of which a delivery told a change of state.
 * The truth is the task's single answer, read as the consumer reads it, so that a field is compared with itself.
 */
export function createTruth(
  { world, log, taskAnswer }: Pick<VirtualClickUp, 'world' | 'log' | 'taskAnswer'>,
  snapshot: (taskId: string) => Snapshot | null,
): Truth {
  const told = new Set<string>()
  let read = 0
  /** Tasks are replaced, never changed: the same one that was equal needs no second look. */
  const equal = new Map<string, Task | undefined>()

  function toldSoFar(): ReadonlySet<string> {
    const changes = log.changes()
    for (; read < changes.length; read++) {
      const change = changes[read]
      // A comment is no part of a task's state, so a task that had nothing else need not have been read.
      if (change?.resource.kind !== 'task' || change.deliveries.length === 0 || change.field === 'comment') continue
      told.add(change.resource.id)
    }
    return told
  }

  const differencesNow = (taskId: string) => differencesOf({ taskAnswer }, snapshot(taskId), taskId)

  function isEqual(taskId: string): boolean {
    const task = world.task(taskId)
    if (equal.has(taskId) && equal.get(taskId) === task) return true
    // Most of what is not equal is simply older, which takes no rendering to see.
    if (task !== undefined && snapshot(taskId)?.updatedAt !== task.updatedAt) return false
    if (differencesNow(taskId).length > 0) return false
    equal.set(taskId, task)
    return true
  }

  return {
    holds: () => [...toldSoFar()].every(isEqual),
    differences: () => [...toldSoFar()].flatMap(differencesNow),
    tasks: () => toldSoFar().size,
  }
}

/** What a snapshot of a task says otherwise than ClickUp would now. */
export function differencesOf(
  { taskAnswer }: Pick<VirtualClickUp, 'taskAnswer'>,
  snapshot: Snapshot | null,
  taskId: string,
): Difference[] {
  return compare(taskId, snapshot, truthOf({ taskAnswer }, taskId))
}

/** A task as the consumer would read it now; null if it is not there. */
export function truthOf({ taskAnswer }: Pick<VirtualClickUp, 'taskAnswer'>, taskId: string): Observation | null {
  const answer = taskAnswer(taskId)
  return answer === undefined ? null : observationOf(taskAnswerSchema.parse(sent(answer)), 0, false)
}

/** As it is after its way over the network: what is undefined is gone. */
const sent = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer))

function compare(taskId: string, ours: Snapshot | null, theirs: Observation | null): Difference[] {
  const difference = (field: string, a: unknown, b: unknown): Difference[] => {
    if (isDeepStrictEqual(a, b)) return []
    const [mine, its] = [jsonSchema.parse(a ?? null), jsonSchema.parse(b ?? null)]
    return canonical(mine) === canonical(its) ? [] : [{ taskId, field, ours: mine, theirs: its }]
  }
  const state = theirs?.kind === 'seen' ? (theirs.archived ? 'archived' : 'present') : 'deleted'
  const ofState = difference('state', ours?.state, state)
  // Of a task that is gone nothing more is known, and nothing more is compared.
  if (ours === null || theirs?.kind !== 'seen') return ofState
  const fields = new Map(Object.entries(ours))
  const ofFields = Object.entries(theirs.fields).flatMap(([field, value]) =>
    // A page leaves it out where there is none, and what is absent is not known.
    field === 'timeSpentMs' && value === 0
      ? difference(field, fields.get(field) ?? 0, 0)
      : difference(field, fields.get(field), value),
  )
  return [...ofState, ...ofFields]
}
