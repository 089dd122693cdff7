import type { Random } from '../clickup/random.ts'
import { handledIds } from '../stack/poller/handled.ts'
import { toRecord } from '../stack/poller/record.ts'
import { REGION } from './aws/in-process.ts'
import type { Received } from './aws/sqs/queue.ts'
import type { MemorySqs } from './aws/sqs/sqs.ts'
import type { Ended } from './containers.ts'
import type { InvocationFigures } from './run.ts'
import type { VirtualTime } from './time.ts'

export type PollerOptions = {
  time: VirtualTime
  random: Random
  sqs: Pick<MemorySqs, 'queue' | 'receive' | 'delete'>
  queueUrl: string
  /** Messages of a batch at the most. */
  batchSize?: number
  /** How many batches may be with the function at once. */
  maxConcurrency: number
  invoke(event: unknown): Promise<Ended>
  /** Told of what an invocation threw. */
  onError?: (error: unknown) => void
}

export type Poller = {
  /** Leaves the queue alone, as Lambda does while an event source mapping is disabled; what is under way goes on. */
  hold(): void
  release(): void
  figures: InvocationFigures
  /** Requests that brought nothing, so far. They go on whether anything happens or not, so no delivery costs them. */
  emptyReceives(): number
}

const BATCH_SIZE = 10
/** Requests that wait while nothing happens, and how long each does: Lambda's least for a queue, and SQS's longest. */
const IDLE_POLLERS = 5
const LONG_POLL_MS = 20_000
/** From a request to its answer. */
const RECEIVE_MS = [5, 15] as const
const DELETE_MS = [5, 15] as const

/**
 * Feeds the function from the queue as Lambda does without a batching window: as many requests wait for messages as batches
 * may be under way, each takes what is there when a message appears, hands it over, and deletes what was handled.
 */
export function startPoller(options: PollerOptions): Poller {
  const { time, random, sqs, queueUrl, batchSize = BATCH_SIZE, maxConcurrency, invoke, onError } = options
  const queue = sqs.queue(queueUrl)
  const figures = { begun: 0, running: 0, timedOut: 0, failed: 0, busyMs: 0 }
  let waiting = maxConcurrency
  let idleMs = 0
  let idleSince = time.now()
  let isHeld = false

  function changeWaiting(by: 1 | -1): void {
    idleMs += (time.now() - idleSince) * Math.min(waiting, IDLE_POLLERS)
    idleSince = time.now()
    waiting += by
  }

  async function work(): Promise<void> {
    while (!isHeld && queue.visible() > 0) {
      await time.sleep(random.int(...RECEIVE_MS))
      const messages = sqs.receive(queueUrl, batchSize)
      if (messages.length > 0) await handle(messages)
    }
    changeWaiting(1)
  }

  async function handle(messages: Received[]): Promise<void> {
    figures.begun += 1
    figures.running += 1
    const begunAt = time.now()
    const ended = await invoke({ Records: messages.map(recordOf) })
    figures.busyMs += time.now() - begunAt
    figures.running -= 1
    if (ended.kind === 'timedOut') figures.timedOut += 1
    if (ended.kind === 'threw') {
      figures.failed += 1
      onError?.(ended.error)
    }
    if (ended.kind !== 'returned') return
    const ids = messages.map(({ id }) => id)
    const handled = handledIds(ids, ended, true)
    if (handled.size === 0) return
    await time.sleep(random.int(...DELETE_MS))
    sqs.delete(
      queueUrl,
      messages.filter(({ id }) => handled.has(id)).map(({ receipt }) => receipt),
    )
  }

  function begin(): void {
    if (waiting === 0 || isHeld) return
    changeWaiting(-1)
    void work()
  }

  queue.onAppear(begin)
  return {
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      // As many as there are messages for: the others end at once.
      for (let left = waiting; left > 0; left--) begin()
    },
    figures,
    emptyReceives: () =>
      Math.floor((idleMs + (time.now() - idleSince) * Math.min(waiting, IDLE_POLLERS)) / LONG_POLL_MS),
  }
}

const recordOf = ({ id, receipt, body, attributes, receives, sentAt, firstReceivedAt }: Received) =>
  toRecord(
    {
      MessageId: id,
      ReceiptHandle: receipt,
      Body: body,
      Attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      },
      MessageAttributes: { ...attributes },
    },
    'arn:aws:sqs:eu-central-1:123456789012:deliveries',
    REGION,
  )
