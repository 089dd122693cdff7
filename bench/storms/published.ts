import * as z from 'zod'
import type { BusEntry } from './aws/events.ts'
import type { Published } from './scenario.ts'

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
