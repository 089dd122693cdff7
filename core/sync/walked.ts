import { readPlace } from '../clickup/places.ts'
import type { FoundPlace } from '../process/found/found.ts'
import type { Fault } from '../upstream/fault.ts'
import type { SyncServices } from './services.ts'

/** What is still to be walked, and what a step of it has found. */
export type PlacesWalk = {
  spaceIds: string[]
  listed: boolean
  /** Of the space that was listed last, the folders whose archived lists are still to come. */
  folders?: { spaceId: string; folderId: string }[] | undefined
}

export type Refusal = Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }>
export type Walked =
  | {
      kind: 'walked'
      places: FoundPlace[]
      /** Lists that are gone or out of sight since the last time: their tasks are, too. */
      lost: string[]
      /** Calls that it took. */
      calls: number
      /** To be done when what was found has been handed over. */
      save(): Promise<void>
      rest: PlacesWalk
    }
  | { kind: 'fault'; fault: Refusal }
  /** ClickUp does not let the token see the workspace. */
  | { kind: 'refused'; reason: string }

export type Walk = {
  workspaceId: string
  /** Whether archived places are asked for, too: they seldom change, and cost as many calls again. */
  archived: boolean
  /** Spaces a walk may visit: those that were not visited for longest come first. */
  most: number
}

export const distinct = <Place extends { id: string }>(places: readonly Place[]): Place[] => [
  ...new Map(places.map((place) => [place.id, place])).values(),
]

export type Single =
  | { kind: 'there' | 'gone'; place: FoundPlace }
  /** It answered what nobody expects: that says nothing of it. */
  | { kind: 'unknown' }
  | { kind: 'fault'; fault: Refusal }

/** So many are asked for one by one in one step: the calls of a step have to fit what the lane has in a minute. */
export const MOST_SINGLY = 10

/** Absence only nominates: a single read decides. */
export async function single(
  { kind, id }: Pick<FoundPlace, 'kind' | 'id'>,
  { clickup }: SyncServices,
): Promise<Single> {
  const answer = await readPlace(clickup, { kind, id })
  switch (answer.kind) {
    case 'ok':
      return { kind: 'there', place: { kind, id, isNew: false, fields: { ...answer.value, state: 'present' } } }
    case 'gone':
      return { kind: 'gone', place: { kind, id, isNew: false, fields: { state: 'deleted' } } }
    case 'noAccess':
      return { kind: 'gone', place: { kind, id, isNew: false, fields: { state: 'outOfSight' } } }
    case 'invalid':
      return { kind: 'unknown' }
    default:
      return { kind: 'fault', fault: answer }
  }
}
