import type { FoundContext, FoundMissing } from '../process/found/found.ts'
import { handOver } from './hand-over.ts'
import type { SyncServices } from './services.ts'
import { tasksOfList } from './tasks-of-list.ts'
import { walkSpace } from './walk-space.ts'
import { walkSpaces } from './walk-spaces.ts'
import type { PlacesWalk } from './walked.ts'
import { type Next, ON, OVER, waitFor } from './work.ts'

type Walking = { run: string; parts: number; calls: number; places: PlacesWalk; remark: string | null }
type Context = {
  job: 'backfill' | 'sweep'
  workspaceId: string
  archived: boolean
  most: number
  context: FoundContext
}

export type PlacesStepped<Run> = { run: Run; next: Next; isOver: boolean }

/** So many tasks of a list that is gone fit a message. */
const AT_ONCE = 1_000

/** One step of the walk through members, spaces, folders and lists, all that it has found handed over. */
export async function stepPlaces<Run extends Walking>(
  run: Run,
  { job, context, ...walk }: Context,
  services: SyncServices,
): Promise<PlacesStepped<Run>> {
  const isFirst = !run.places.listed
  const walked = isFirst ? await walkSpaces(walk, services) : await walkSpace({ ...walk, rest: run.places }, services)
  if (walked.kind === 'fault') return { run, next: waitFor(walked.fault, services.clock.now()), isOver: false }
  if (walked.kind === 'refused') return { run: { ...run, remark: walked.reason }, next: OVER, isOver: false }
  let after: Run = run
  if (walked.places.length > 0) after = await handOver(job, after, { places: walked.places }, context, services)
  for (const listId of walked.lost) after = await handOverLost(job, listId, after, context, services)
  await walked.save()
  after = { ...after, places: walked.rest, calls: after.calls + walked.calls }
  const { spaceIds, folders = [] } = walked.rest
  return { run: after, next: ON, isOver: spaceIds.length === 0 && folders.length === 0 }
}

/** The tasks of a list that is gone or out of sight are out of sight: whether they are deleted nobody has said. */
export async function handOverLost<Run extends { run: string; parts: number }>(
  job: 'backfill' | 'sweep' | 'census',
  listId: string,
  run: Run,
  context: FoundContext,
  services: SyncServices,
): Promise<Run> {
  let after = run
  let missing: FoundMissing[] = []
  for await (const { id } of tasksOfList(listId, services)) {
    missing.push({ id, state: 'outOfSight', observedAt: context.observedAt })
    if (missing.length < AT_ONCE) continue
    after = await handOver(job, after, { missing }, context, services)
    missing = []
  }
  return missing.length === 0 ? after : handOver(job, after, { missing }, context, services)
}
