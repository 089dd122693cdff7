import * as z from 'zod'
import type { Fault } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { resourceIdSchema } from './delivery.ts'
import type { FieldBody, FieldInput, Unfit } from './field-body.ts'
import { fieldBody } from './field-input.ts'
import type { FieldSchema, FieldSchemas, ListFields } from './field-schemas.ts'
import { idSchema } from './scalars.ts'
import { type WriteFault, writeFaultOf } from './write-fault.ts'

export type SetFieldOutcome =
  | { kind: 'set' | 'cleared'; field: { id: string; name: string; type: string } }
  | WriteFault

export type SetFieldServices = { clickup: Pick<ClickUp, 'get' | 'send'>; schemas: FieldSchemas }

const taskAnswer = z.looseObject({
  list: z.looseObject({ id: idSchema }),
  custom_fields: z.array(z.looseObject({ id: idSchema, value: z.unknown().optional() })).catch([]),
})
/** The list of a task and what stands in its fields, null where that was not read. */
type Target = { listId: string; standing: z.infer<typeof taskAnswer>['custom_fields'] | null }

/** What is to be sent, made by the fields of a list as they were read at a time. */
type Plan = { kind: 'plan'; field: FieldSchema; made: FieldBody | { kind: 'clear' } }
/** What stands is part of what would have to be sent. */
type NeedsTask = { kind: 'needsTask' }
type Planned = Plan | Unfit | NeedsTask

/** What is known of a task without reading it. */
export type KnownTask = { listId: string }

/**
 * Sets a custom field of a task by the field's name or id; `null` clears it. The value is checked against the list's schema
 * before anything is sent. What does not fit, or is refused by ClickUp, is checked once more against the schema read anew.
 *
 * @param known spares the reading of the task; what does not fit its list is tried once more with the task as it is now, which
 *   may have been moved
 */
export async function setCustomField(
  services: SetFieldServices,
  taskId: string,
  name: string,
  input: FieldInput,
  known?: KnownTask,
): Promise<SetFieldOutcome> {
  if (!resourceIdSchema.safeParse(taskId).success) return { kind: 'invalid', reason: `"${taskId}" is no id of a task.` }
  const first =
    known === undefined ? null : await setOn({ listId: known.listId, standing: null }, services, taskId, name, input)
  if (first !== null && first.kind !== 'needsTask' && !LOOK_AT_TASK.has(first.kind)) return first
  const task = await services.clickup.get(`/task/${segment(taskId)}`, taskAnswer)
  if (task.kind !== 'ok') return writeFaultOf(task, taskId, false)
  const target = { listId: task.value.list.id, standing: task.value.custom_fields }
  // What the same list's fields do not take, they do not take a moment later.
  if (first !== null && first.kind !== 'needsTask' && target.listId === known?.listId) return first
  const outcome = await setOn(target, services, taskId, name, input)
  return outcome.kind === 'needsTask' ? { kind: 'invalid', reason: `The task ${taskId} shows no fields.` } : outcome
}

/** What may come out otherwise in the list where the task is now. */
const LOOK_AT_TASK: ReadonlySet<SetFieldOutcome['kind']> = new Set(['invalid', 'notFound'])

async function setOn(
  target: Target,
  { clickup, schemas }: SetFieldServices,
  taskId: string,
  name: string,
  input: FieldInput,
): Promise<SetFieldOutcome | NeedsTask> {
  const { listId } = target
  const known = await schemas.of(listId)
  if (known.kind !== 'ok') return writeFaultOf(known, taskId, false)
  const planBy = (listed: ListFields) => planOf(listed, target, name, input)

  const first = planBy(known.value)
  if (first.kind === 'needsTask') return first
  if (first.kind === 'unfit' && !first.stale) return { kind: 'invalid', reason: first.reason }
  const refusal = first.kind === 'plan' ? await send(clickup, taskId, first) : null
  if (first.kind === 'plan' && refusal === null) return done(first)
  if (refusal !== null && refusal.kind !== 'invalid') return writeFaultOf(refusal, taskId, true)

  const renewed = await schemas.refresh(listId, known.value.readAt)
  const second = renewed.kind === 'ok' ? planBy(renewed.value) : renewed
  // A refusal has changed nothing, so what comes out otherwise by a newer schema may be sent; the same would be refused again.
  if (refusal !== null && (second.kind !== 'plan' || isSame(first, second))) return writeFaultOf(refusal, taskId, true)
  if (second.kind === 'needsTask') return second
  if (second.kind === 'unfit') return { kind: 'invalid', reason: second.reason }
  if (second.kind !== 'plan') return writeFaultOf(second, taskId, false)
  const fault = await send(clickup, taskId, second)
  return fault === null ? done(second) : writeFaultOf(fault, taskId, true)
}

const done = ({ field, made }: Plan): SetFieldOutcome => ({
  kind: made.kind === 'clear' ? 'cleared' : 'set',
  field: { id: field.id, name: field.name, type: field.type },
})

const isSame = (a: Planned, b: Planned) =>
  a.kind === 'plan' &&
  b.kind === 'plan' &&
  a.field.id === b.field.id &&
  JSON.stringify(a.made) === JSON.stringify(b.made)

function planOf({ fields }: ListFields, { standing }: Target, name: string, input: FieldInput): Planned {
  const found = fieldNamed(fields, name)
  if (found.length !== 1 || found[0] === undefined) return noField(fields, found, name)
  const [field] = found
  if (input === null) return { kind: 'plan', field, made: { kind: 'clear' } }
  const isChange = field.type === 'users' || field.type === 'tasks'
  if (standing === null && isChange && Array.isArray(input)) return { kind: 'needsTask' }
  const made = fieldBody(field, input, idsIn(standing?.find(({ id }) => id === field.id)?.value))
  return made.kind === 'unfit' ? made : { kind: 'plan', field, made }
}

/** By its id, else by its name, else by its name in any case. */
export function fieldNamed(fields: readonly FieldSchema[], name: string): FieldSchema[] {
  const lower = name.trim().toLowerCase()
  const ways: ((field: FieldSchema) => boolean)[] = [
    ({ id }) => id === name,
    (field) => field.name === name,
    (field) => field.name.trim().toLowerCase() === lower,
  ]
  return ways.map((way) => fields.filter(way)).find((found) => found.length > 0) ?? []
}

export function noField(fields: readonly FieldSchema[], found: readonly FieldSchema[], name: string): Unfit {
  const names = fields.map((field) => `"${field.name}"`).join(', ') || 'none'
  const reason =
    found.length > 1
      ? `${found.length} fields are called "${name}": say which by its id, ${found.map(({ id }) => id).join(' or ')}.`
      : `The task's list has no field "${name}". Its fields are ${names}.`
  return { kind: 'unfit', reason, stale: true }
}

/** The ids that stand in a field of people or of tasks. */
const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((each) => z.looseObject({ id: idSchema }).safeParse(each).data?.id ?? []) : []

/** `null` when it is done. */
async function send(clickup: Pick<ClickUp, 'send'>, taskId: string, { field, made }: Plan): Promise<Fault | null> {
  const path = `/task/${segment(taskId)}/field/${segment(field.id)}`
  const answer =
    made.kind === 'clear'
      ? await clickup.send('DELETE', path, undefined, z.unknown())
      : await clickup.send('POST', path, made.body, z.unknown())
  return answer.kind === 'ok' ? null : answer
}
