import { BY_DAY, DAY_SHARDS, PK, resourceKey, SK, timePart } from '../platform/tables.ts'
import type { Change } from './change.ts'

/** Layout of the items; a reader refuses what it does not know. */
export const SCHEMA_VERSION = 1

/** A change's key in the ledger: its resource's history, sorted. */
export const keyOf = ({
  connection,
  resource,
  order,
  id,
}: Pick<Change, 'connection' | 'resource' | 'order' | 'id'>) => ({
  [PK]: resourceKey(connection, resource.kind, resource.id),
  [SK]: `${order}#${id}`,
})

/**
 * The day index's keys: the UTC day on which the change was published, in shards by its id. Not when it happened: what comes
 * late would slip in behind whoever has read that day already.
 */
export const dayKeys = (id: string, publishedAt: number) => ({
  [BY_DAY.pk]: dayKey(publishedAt, Number.parseInt(id.slice(0, 8), 16) % DAY_SHARDS),
  [BY_DAY.sk]: `${timePart(publishedAt)}#${id}`,
})

export const dayKey = (at: number, shard: number) => `${new Date(at).toISOString().slice(0, 10)}#${shard}`
