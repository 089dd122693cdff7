import type { Ids } from '../ids.ts'
import type { Status, StatusType } from './types.ts'

export type StatusDefinition = readonly [status: string, color: string, type: StatusType]

/** What a new space begins with. */
export const DEFAULT_STATUSES: readonly StatusDefinition[] = [
  ['to do', '#87909e', 'open'],
  ['in progress', '#5f55ee', 'custom'],
  ['complete', '#008844', 'closed'],
]

/** A status set of a place. The same name in two places is two statuses with an id each. */
export const statusSet = (ids: Ids, placeId: string, definitions: readonly StatusDefinition[]): Status[] =>
  definitions.map(([status, color, type], orderindex) => ({
    id: ids.status(`p${placeId}`),
    status,
    color,
    orderindex,
    type,
  }))
