import { randomUUID } from 'node:crypto'
import { packBytes, packErrand, toSqsEntry } from '../../../core/ingest/message.ts'
import type { Stage } from '../stage.ts'

const AGO_MS = 60_000

/** A status change of a task as ClickUp sends it, made long enough ago that every read has caught up with it. */
export function statusDelivery(taskId: string, histories: readonly string[] = [randomUUID()]): string {
  return JSON.stringify({
    event: 'taskStatusUpdated',
    task_id: taskId,
    webhook_id: randomUUID(),
    history_items: histories.map((id) => ({
      ...{ id, type: 1, date: String(Date.now() - AGO_MS), field: 'status', parent_id: '901100000001' },
      data: { status_type: 'custom' },
      user: { id: 183, username: 'Ada Example', email: 'ada@example.com' },
      before: { status: 'backlog', color: '#87909e', orderindex: 0, type: 'open' },
      after: { status: 'in progress', color: '#5f55ee', orderindex: 1, type: 'custom' },
    })),
  })
}

/** One without history items: the resource has to be looked at. */
export const hint = (taskId: string): string =>
  JSON.stringify({ event: 'taskUpdated', task_id: taskId, history_items: [] })

const arrivalOf = (stage: Stage, agoMs: number) => ({
  ...{ connection: stage.system.details.connection, slot: 'a' as const, receivedAt: Date.now() - agoMs },
})

/** Puts a delivery on the queue as the verifier does, received so long ago. */
export async function deliver(stage: Stage, body: string, agoMs = 0): Promise<void> {
  const message = packBytes(arrivalOf(stage, agoMs), Buffer.from(body))
  if (message === null) throw new Error('The delivery is too large')
  await stage.queues.send(stage.urlOf('consumer'), toSqsEntry(message))
}

export const sendErrand = (stage: Stage): Promise<void> =>
  stage.queues.send(stage.urlOf('consumer'), toSqsEntry(packErrand(arrivalOf(stage, 0))))
