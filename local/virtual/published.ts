import * as z from 'zod'
import { NOTICES } from '../../core/publish/notice.ts'
import type { BusEntry } from './aws/events.ts'
import type { Published, Told } from './run.ts'

const detailSchema = z.looseObject({
  changeId: z.string(),
  resource: z.looseObject({ kind: z.string(), id: z.string() }),
  receivedAt: z.number(),
  degraded: z.boolean(),
})

/** What a scenario wants to know of an event; all of it would fill the memory. */
export function publishedOf({ detailType, detail }: BusEntry, at: number): Published {
  const { changeId, resource, receivedAt, degraded } = detailSchema.parse(detail)
  return { at, detailType, changeId, taskId: resource.kind === 'task' ? resource.id : null, receivedAt, degraded }
}

/** What Hookline tells of itself; null for a change. */
export function noticeOf({ detailType, detail }: BusEntry, at: number): Told | null {
  if (detailType === 'Hookline Synced')
    return { at, detailType, watermark: NOTICES['Hookline Synced'].parse(detail).watermark }
  if (detailType !== 'Backfill Completed') return null
  NOTICES[detailType].parse(detail)
  return { at, detailType, watermark: null }
}
