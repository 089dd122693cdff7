import { createHmac, randomUUID } from 'node:crypto'
import type { LocalDetails } from '../../../local/local-file.ts'

/**
 * A status change of a task, as ClickUp would send it, made long enough ago that every read has caught up with it: five seconds
 * at least.
 */
export function statusDelivery(taskId: string, history: string = randomUUID(), agoMs = 60_000): string {
  return JSON.stringify({
    event: 'taskStatusUpdated',
    task_id: taskId,
    webhook_id: randomUUID(),
    history_items: [
      {
        id: history,
        type: 1,
        date: String(Date.now() - agoMs),
        field: 'status',
        parent_id: '901100000001',
        data: { status_type: 'custom' },
        user: { id: 183, username: 'Ada Example', email: 'ada@example.com' },
        before: { status: 'backlog', color: '#87909e', orderindex: 0, type: 'open' },
        after: { status: 'in progress', color: '#5f55ee', orderindex: 1, type: 'custom' },
      },
    ],
  })
}

export const sign = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('hex')

/** Posts a body as it is, signed with the connection's own secret unless another signature is given. */
export async function post(
  { webhookUrl, signingSecret }: Pick<LocalDetails, 'webhookUrl' | 'signingSecret'>,
  body: string,
  signature: string = sign(body, signingSecret),
): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', 'x-signature': signature }
  const response = await fetch(webhookUrl, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}
