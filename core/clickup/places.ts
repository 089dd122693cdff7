import * as z from 'zod'
import type { Resource } from '../ledger/change.ts'
import type { Json } from '../platform/json.ts'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { idSchema, numberSchema, timeSchema } from './scalars.ts'

const named = z.looseObject({ id: idSchema, name: z.string().nullish() })
const instant = timeSchema.nullish().catch(null)

export const listAnswer = z.looseObject({
  id: idSchema,
  name: z.string(),
  archived: z.boolean().optional(),
  folder: named.nullish(),
  space: named.nullish(),
  start_date: instant,
  due_date: instant,
  task_count: numberSchema.optional(),
})
export const folderAnswer = z.looseObject({
  id: idSchema,
  name: z.string(),
  archived: z.boolean().optional(),
  hidden: z.boolean().optional(),
  space: named.nullish(),
})
export const spaceAnswer = z.looseObject({
  id: idSchema,
  name: z.string(),
  archived: z.boolean().optional(),
  private: z.boolean().optional(),
  statuses: z.array(z.looseObject({ status: z.string(), type: z.string() })).optional(),
})
const keyResult = z.looseObject({
  id: idSchema,
  name: z.string(),
  steps_current: numberSchema.optional(),
  steps_end: numberSchema.optional(),
  completed: z.boolean().optional(),
})
const goalAnswer = z.looseObject({
  goal: z.looseObject({
    id: idSchema,
    name: z.string(),
    due_date: instant,
    percent_completed: numberSchema.optional(),
    archived: z.boolean().optional(),
    key_results: z.array(keyResult).optional(),
  }),
})

/** What is looked at of a list, folder, space or goal: field by field, so that two looks can be compared. */
export type PlaceFields = Record<string, Json>

export const listFields = (list: z.infer<typeof listAnswer>): PlaceFields => ({
  name: list.name,
  archived: list.archived === true,
  folder: list.folder?.id ?? null,
  space: list.space?.id ?? null,
  start_date: list.start_date ?? null,
  due_date: list.due_date ?? null,
})

export const folderFields = (folder: z.infer<typeof folderAnswer>): PlaceFields => ({
  name: folder.name,
  archived: folder.archived === true,
  hidden: folder.hidden === true,
  space: folder.space?.id ?? null,
})

export const spaceFields = (space: z.infer<typeof spaceAnswer>): PlaceFields => ({
  name: space.name,
  archived: space.archived === true,
  private: space.private === true,
  statuses: (space.statuses ?? []).map(({ status, type }) => ({ name: status, type })),
})

/** Reads a list, folder, space or goal; `invalid` for a kind that cannot be read. */
export async function readPlace(clickup: Pick<ClickUp, 'get'>, resource: Resource): Promise<Answer<PlaceFields>> {
  const id = segment(resource.id)
  switch (resource.kind) {
    case 'list':
      return map(await clickup.get(`/list/${id}`, listAnswer), listFields)
    case 'folder':
      return map(await clickup.get(`/folder/${id}`, folderAnswer), folderFields)
    case 'space':
      return map(await clickup.get(`/space/${id}`, spaceAnswer), spaceFields)
    case 'goal':
      return map(await clickup.get(`/goal/${id}`, goalAnswer), ({ goal }) => ({
        name: goal.name,
        archived: goal.archived === true,
        due_date: goal.due_date ?? null,
        percent_completed: goal.percent_completed ?? null,
        key_results: (goal.key_results ?? []).map((result) => ({
          id: result.id,
          name: result.name,
          current: result.steps_current ?? null,
          target: result.steps_end ?? null,
          completed: result.completed === true,
        })),
      }))
    default:
      return { kind: 'invalid', reason: `a ${resource.kind} cannot be read` }
  }
}

function map<From, To>(answer: Answer<From>, change: (value: From) => To): Answer<To> {
  return answer.kind === 'ok' ? { ...answer, value: change(answer.value) } : answer
}
