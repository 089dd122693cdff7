import * as z from 'zod'
import { nameOf } from '../arns.ts'
import type { Reply, ServiceRequest } from '../call.ts'
import type { Fauxqs } from './fauxqs.ts'

/** How soon a message is seen that becomes visible by time: a delay or a visibility timeout that ends. */
const LOOK_AGAIN_MS = 50
const MAX_WAIT_SECONDS = 20

const receiveSchema = z.looseObject({ QueueUrl: z.string(), WaitTimeSeconds: z.number().optional() })
const attributesSchema = z.looseObject({
  Attributes: z.looseObject({ ReceiveMessageWaitTimeSeconds: z.coerce.number().optional() }).optional(),
})

const isEmpty = (reply: Reply) => reply.status === 200 && reply.body === '{}'

/**
 * Long polling that ends with the client. fauxqs would go on waiting for a client that is gone and then hand it a message,
 * which stays invisible until its timeout: a killed poller would delay what it never saw. So fauxqs is only ever asked
 * without waiting, again when something was sent to the queue.
 */
export function createLongPoll(fauxqs: Fauxqs) {
  const waiting = new Map<string, Set<() => void>>()

  function pause(queue: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiters = waiting.get(queue) ?? new Set()
      waiting.set(queue, waiters)
      const done = () => {
        clearTimeout(timer)
        waiters.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      waiters.add(done)
      signal.addEventListener('abort', done)
    })
  }

  async function queueDefault(queueUrl: string): Promise<number> {
    const request = { QueueUrl: queueUrl, AttributeNames: ['ReceiveMessageWaitTimeSeconds'] }
    const reply = await fauxqs.call('GetQueueAttributes', JSON.stringify(request))
    return attributesSchema.parse(JSON.parse(reply.body)).Attributes?.ReceiveMessageWaitTimeSeconds ?? 0
  }

  return {
    async receive({ body, text, signal }: ServiceRequest): Promise<Reply> {
      const parsed = receiveSchema.safeParse(body)
      // What is malformed or out of range is fauxqs's to refuse.
      if (!parsed.success) return fauxqs.call('ReceiveMessage', text)
      const { QueueUrl: queueUrl, WaitTimeSeconds: asked } = parsed.data
      const seconds = asked ?? (await queueDefault(queueUrl))
      if (seconds < 0 || seconds > MAX_WAIT_SECONDS) return fauxqs.call('ReceiveMessage', text)

      const queue = nameOf(queueUrl)
      const request = JSON.stringify({ ...body, WaitTimeSeconds: 0 })
      const deadline = performance.now() + seconds * 1000
      for (;;) {
        const reply = await fauxqs.call('ReceiveMessage', request)
        const left = deadline - performance.now()
        if (!isEmpty(reply) || left <= 0 || signal.aborted) return reply
        await pause(queue, Math.min(left, LOOK_AGAIN_MS), signal)
        if (signal.aborted) return reply
      }
    },
    /** Something became visible in the queue. */
    wake(queueUrl: string): void {
      for (const done of [...(waiting.get(nameOf(queueUrl)) ?? [])]) done()
    },
  }
}
