import * as z from 'zod'
import type { Goal } from '../../world/types.ts'
import { type Answer, ERRORS, ok } from '../answer.ts'
import { number, readBody } from '../body.ts'
import { actorOf, type Call, type Handler, isWorkspace, param } from '../call.ts'
import { renderGoal, renderGoalInList, renderKeyResult } from '../render/goal.ts'

const createSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().optional(),
  color: z.string().optional(),
  due_date: number.nullish(),
  owners: z.array(number).optional(),
})
const updateSchema = z.looseObject({
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  color: z.string().optional(),
  due_date: number.nullish(),
  add_owners: z.array(number).optional(),
  rem_owners: z.array(number).optional(),
})
const keyResultSchema = z.looseObject({
  name: z.string().min(1),
  type: z.string().optional(),
  unit: z.string().nullish(),
  owners: z.array(number).optional(),
  steps_start: number.optional(),
  steps_end: number.optional(),
})
const keyResultUpdateSchema = z.looseObject({ steps_current: number.optional(), note: z.string().optional() })

const onGoal =
  (act: (call: Call, goal: Goal) => Answer): Handler =>
  (call) => {
    const goal = call.world.store.goals.get(param(call, 'goal'))
    return goal === undefined ? ERRORS.noAccess : act(call, goal)
  }

const onKeyResult =
  (act: (call: Call, keyResultId: string, goal: Goal) => Answer): Handler =>
  (call) => {
    const id = param(call, 'keyResult')
    const goal = call.world.goalOfKeyResult(id)
    return goal === undefined ? ERRORS.noAccess : act(call, id, goal)
  }

export const goalRoutes: Record<string, Handler> = {
  'GET /v2/team/:team/goal': (call) => {
    if (!isWorkspace(call)) return ERRORS.noAccess
    return ok({
      goals: [...call.world.store.goals.values()].map((goal) => renderGoalInList(call.world, goal)),
      folders: [],
    })
  },
  'POST /v2/team/:team/goal': (call) => {
    if (!isWorkspace(call)) return ERRORS.noAccess
    const read = readBody(createSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { name, description, color, due_date: dueDate, owners: ownerIds } = read.data
    const goal = call.world.createGoal(actorOf(call), { name, description, color, dueDate, ownerIds })
    return ok({ goal: renderGoal(call.world, goal) })
  },
  'GET /v2/goal/:goal': onGoal((call, goal) => ok({ goal: renderGoal(call.world, goal) })),
  'PUT /v2/goal/:goal': onGoal((call, goal) => {
    const read = readBody(updateSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { add_owners: add = [], rem_owners: rem = [], due_date: dueDate = goal.dueDate, ...rest } = read.data
    const gone = new Set(rem)
    const updated = call.world.updateGoal(actorOf(call), goal.id, {
      name: rest.name ?? goal.name,
      description: rest.description ?? goal.description,
      color: rest.color ?? goal.color,
      dueDate,
      ownerIds: [...new Set([...goal.ownerIds, ...add])].filter((id) => !gone.has(id)),
    })
    return ok({ goal: renderGoal(call.world, updated) })
  }),
  'DELETE /v2/goal/:goal': onGoal((call, goal) => {
    call.world.deleteGoal(actorOf(call), goal.id)
    return ok({})
  }),

  'POST /v2/goal/:goal/key_result': onGoal((call, goal) => {
    const read = readBody(keyResultSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { name, type, unit, owners: ownerIds, steps_start: stepsStart, steps_end: stepsEnd } = read.data
    const input = { name, type, unit: unit ?? undefined, ownerIds, stepsStart, stepsEnd }
    const keyResult = call.world.createKeyResult(actorOf(call), goal.id, input)
    return ok({ key_result: renderKeyResult(call.world, goal, keyResult) })
  }),
  'PUT /v2/key_result/:keyResult': onKeyResult((call, id, goal) => {
    const read = readBody(keyResultUpdateSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const { steps_current: stepsCurrent, note } = read.data
    const keyResult = call.world.updateKeyResult(actorOf(call), id, {
      ...(stepsCurrent === undefined ? {} : { stepsCurrent }),
      ...(note === undefined ? {} : { note }),
    })
    return ok({ key_result: renderKeyResult(call.world, goal, keyResult) })
  }),
  'DELETE /v2/key_result/:keyResult': onKeyResult((call, id) => {
    call.world.deleteKeyResult(actorOf(call), id)
    return ok({})
  }),
}
