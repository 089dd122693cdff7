import type { EventName } from '../../../core/clickup/event-names.ts'
import { type Actor, type Emission, WHOLE_WORKSPACE } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Goal, KeyResult } from './types.ts'

export type GoalInput = {
  name: string
  description?: string | undefined
  color?: string | undefined
  dueDate?: number | null | undefined
  ownerIds?: readonly number[] | undefined
}
type GoalChanges = Partial<Pick<Goal, 'name' | 'description' | 'color' | 'dueDate' | 'ownerIds'>>

export type KeyResultInput = {
  name: string
  type?: string | undefined
  unit?: string | undefined
  ownerIds?: readonly number[] | undefined
  stepsStart?: number | undefined
  stepsEnd?: number | undefined
}

/** Goals belong to the workspace: only a webhook on all of it hears of them. */
export function goalMutations(tools: Tools) {
  const { store } = tools

  const goal = (id: string): Goal => {
    const found = store.goals.get(id)
    if (found === undefined) throw new Error(`There is no goal ${id}.`)
    return found
  }

  function createGoal(actor: Actor, input: GoalInput): Goal {
    const date = tools.now()
    const created: Goal = {
      id: tools.ids.uuid(),
      prettyId: String(store.goals.size + 1),
      name: input.name,
      description: input.description ?? '',
      color: input.color ?? '#32a852',
      dueDate: input.dueDate ?? null,
      createdAt: date,
      updatedAt: date,
      creatorId: actor.userId,
      ownerIds: input.ownerIds ?? [actor.userId],
      keyResults: [],
    }
    store.goals.set(created.id, created)
    const meaning = { was: null, is: { name: created.name } }
    tools.tell('createGoal', actor, date, [tools.hint('goalCreated', 'goal', created.id, {}, meaning)])
    return created
  }

  function updateGoal(actor: Actor, goalId: string, changes: GoalChanges): Goal {
    const before = goal(goalId)
    const after = { ...before, ...changes, updatedAt: tools.now() }
    store.goals.set(goalId, after)
    const meaning = { was: { name: before.name }, is: { name: after.name } }
    tools.tell('updateGoal', actor, after.updatedAt, [tools.hint('goalUpdated', 'goal', goalId, {}, meaning)])
    return after
  }

  function deleteGoal(actor: Actor, goalId: string): void {
    const meaning = { was: { name: goal(goalId).name }, is: null }
    store.goals.delete(goalId)
    tools.tell('deleteGoal', actor, tools.now(), [tools.hint('goalDeleted', 'goal', goalId, {}, meaning)])
  }

  const keyResultEvent = (event: EventName, goalId: string, id: string, was: unknown, is: unknown): Emission => ({
    event,
    resource: { kind: 'keyResult', id, goalId },
    items: null,
    places: [WHOLE_WORKSPACE],
    was,
    is,
  })

  function putKeyResults(goalId: string, keyResults: readonly KeyResult[], date: number): void {
    store.goals.set(goalId, { ...goal(goalId), keyResults, updatedAt: date })
  }

  function createKeyResult(actor: Actor, goalId: string, input: KeyResultInput): KeyResult {
    const date = tools.now()
    const created: KeyResult = {
      id: tools.ids.uuid(),
      name: input.name,
      type: input.type ?? 'number',
      unit: input.unit ?? '',
      ownerIds: input.ownerIds ?? [actor.userId],
      creatorId: actor.userId,
      createdAt: date,
      stepsStart: input.stepsStart ?? 0,
      stepsEnd: input.stepsEnd ?? 10,
      stepsCurrent: input.stepsStart ?? 0,
      note: 'Created Key Result',
    }
    putKeyResults(goalId, [...goal(goalId).keyResults, created], date)
    tools.tell('createKeyResult', actor, date, [
      keyResultEvent('keyResultCreated', goalId, created.id, null, { name: created.name }),
    ])
    return created
  }

  const goalOfKeyResult = (keyResultId: string): Goal | undefined =>
    [...store.goals.values()].find(({ keyResults }) => keyResults.some(({ id }) => id === keyResultId))

  /** @throws Error for an unknown key result */
  function updateKeyResult(
    actor: Actor,
    keyResultId: string,
    changes: Partial<Pick<KeyResult, 'stepsCurrent' | 'note'>>,
  ) {
    const of = goalOfKeyResult(keyResultId)
    const before = of?.keyResults.find(({ id }) => id === keyResultId)
    if (of === undefined || before === undefined) throw new Error(`There is no key result ${keyResultId}.`)
    const date = tools.now()
    const after = { ...before, ...changes }
    putKeyResults(
      of.id,
      of.keyResults.map((each) => (each === before ? after : each)),
      date,
    )
    tools.tell('updateKeyResult', actor, date, [
      keyResultEvent(
        'keyResultUpdated',
        of.id,
        keyResultId,
        { steps: before.stepsCurrent },
        { steps: after.stepsCurrent },
      ),
    ])
    return after
  }

  function deleteKeyResult(actor: Actor, keyResultId: string): void {
    const of = goalOfKeyResult(keyResultId)
    if (of === undefined) return
    const date = tools.now()
    putKeyResults(
      of.id,
      of.keyResults.filter(({ id }) => id !== keyResultId),
      date,
    )
    tools.tell('deleteKeyResult', actor, date, [keyResultEvent('keyResultDeleted', of.id, keyResultId, {}, null)])
  }

  return {
    createGoal,
    updateGoal,
    deleteGoal,
    createKeyResult,
    updateKeyResult,
    deleteKeyResult,
    goalOfKeyResult,
  }
}
