import type { Faults } from '../faults.ts'
import type { Random } from '../random.ts'
import type { Plan } from '../rate-limit.ts'
import type { Registry } from '../webhooks/registry.ts'
import type { Located } from '../world/context.ts'
import { type Actor, byApi } from '../world/mutation.ts'
import type { Folder, List, Space, Task, User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Answer, ERRORS } from './answer.ts'
import type { TaskListing } from './task-listing.ts'

/** One call of the API by somebody with a valid token. */
export type Call = {
  readonly world: World
  readonly faults: Faults
  readonly registry: Registry
  readonly listing: TaskListing
  readonly plan: Plan
  readonly caller: User
  readonly params: ReadonlyMap<string, string>
  readonly query: URLSearchParams
  readonly body: unknown
  /** This call's own stream of decisions. */
  readonly random: Random
}

export type Handler = (call: Call) => Answer

export const actorOf = (call: Call): Actor => byApi(call.caller.id)
export const param = (call: Call, name: string): string => call.params.get(name) ?? ''
export const flag = (call: Call, name: string): boolean => call.query.get(name) === 'true'

/** A number of the query; undefined if there is none or it is none. */
export function numberIn(call: Call, name: string): number | undefined {
  const value = Number(call.query.get(name) ?? Number.NaN)
  return Number.isFinite(value) ? value : undefined
}

/** The values of a repeated parameter, written with or without its brackets. */
export const manyIn = (call: Call, name: string): string[] => [
  ...call.query.getAll(`${name}[]`),
  ...call.query.getAll(name),
]

/** Whether the path names the workspace, and the token sees it. */
export const isWorkspace = (call: Call, name = 'team'): boolean =>
  call.faults.workspaces !== 'none' && param(call, name) === call.world.workspace.id

/** Whether the caller may see what lies in a space. */
const seesInside = (call: Call, space: Space): boolean =>
  call.faults.workspaces !== 'none' && call.world.isMember(space, call.caller.id)

/** A place that the caller may see: what is not there and what is out of sight look the same. */
export function visibleSpace(call: Call, id: string): Space | undefined {
  const space = call.world.store.spaces.get(id)
  return space && seesInside(call, space) ? space : undefined
}

export function visibleFolder(call: Call, id: string): { folder: Folder; space: Space } | undefined {
  const folder = call.world.store.folders.get(id)
  const space = folder && visibleSpace(call, folder.spaceId)
  return space && { folder, space }
}

export function visibleList(call: Call, id: string): { list: List; folder: Folder; space: Space } | undefined {
  const list = call.world.store.lists.get(id)
  const above = list && visibleFolder(call, list.folderId)
  return above && { list, ...above }
}

/** How far back this call sees. */
export const drawLag = (call: Call): number =>
  call.faults.readLagMs === 0 ? 0 : call.random.int(0, call.faults.readLagMs)

type FoundTask =
  | { readonly kind: 'found'; readonly located: Located }
  | { readonly kind: 'refused'; readonly answer: Answer }

/**
 * The task that the path names, by its id or its custom one, as it was `lagMs` ago. A task younger than that is shown as it
 * was born: a single read always finds what exists.
 */
export function visibleTask(call: Call, id = param(call, 'task'), lagMs = 0): FoundTask {
  const { world, faults } = call
  const taskId = flag(call, 'custom_task_ids') ? world.store.tasks.idOfCustomId(id) : id
  const task = taskId === undefined ? undefined : taskAsOf(world, taskId, world.now() - lagMs)
  const located = task && !task.deleted ? world.locate(task) : undefined
  if (located === undefined) {
    return { kind: 'refused', answer: faults.missingTask === 'ITEM_013' ? ERRORS.taskNotFound : ERRORS.noAccess }
  }
  if (!seesInside(call, located.space)) return { kind: 'refused', answer: ERRORS.noAccess }
  return { kind: 'found', located }
}

const taskAsOf = (world: World, id: string, at: number): Task | undefined =>
  world.store.tasks.asOf(id, at) ?? world.store.tasks.oldest(id)
