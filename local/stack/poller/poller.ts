import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { InvokeOutcome } from '../lambda/outcome.ts'
import { handledIds } from './handled.ts'
import { toRecord } from './record.ts'

export type PollerOptions = {
  sqs: SQSClient
  queue: { url: string; arn: string }
  region: string
  batchSize: number
  /** Seconds to wait for a batch to fill, 0 for none. */
  windowSeconds: number
  reportsFailures: boolean
  /** How many batches may be with the function at once. */
  concurrency: number
  /** Whether it waits for `resume`. */
  paused?: boolean
  invoke(event: unknown): Promise<InvokeOutcome>
  /** A call to the queue that failed; the poller goes on. */
  onError(error: unknown): void
}

export type Poller = {
  /** Resolves when nothing is asked of the queue any more; what is with the function goes on to its end. */
  pause(): Promise<void>
  resume(): void
  close(): Promise<void>
}

/** Short, so that a pause is quick: a receive that is broken off may take a message with it. */
const WAIT_SECONDS = 1
const MAX_RECEIVE = 10
const AFTER_ERROR_MS = 200

/**
 * Feeds a function from a queue. Each of its loops takes what is there, up to a batch, hands it over, deletes what was handled
 * and takes the next at once; what was not handled stays where it is until its visibility ends.
 */
export function startPoller(options: PollerOptions): Poller {
  const { sqs, queue } = options
  const ending = new AbortController()
  const loops = new Set<Promise<void>>()
  const receiving = new Set<Promise<unknown>>()
  // A new one with each resumption, so that a loop which is still finishing a batch does not come back beside the new ones.
  let run = { paused: true }

  async function loop(mine: typeof run): Promise<void> {
    while (!mine.paused && !ending.signal.aborted) {
      const messages = await receiveBatch(mine).catch(report)
      if (messages && messages.length > 0) await handle(messages).catch(report)
    }
  }

  async function report(error: unknown): Promise<undefined> {
    if (ending.signal.aborted) return
    options.onError(error)
    await new Promise((resolve) => setTimeout(resolve, AFTER_ERROR_MS))
  }

  async function receiveBatch(mine: typeof run): Promise<Message[]> {
    const batch = await receive(options.batchSize, WAIT_SECONDS)
    if (options.windowSeconds === 0 || batch.length === 0) return batch
    const windowEnds = Date.now() + options.windowSeconds * 1000
    while (batch.length < options.batchSize && !mine.paused && Date.now() < windowEnds) {
      batch.push(...(await receive(options.batchSize - batch.length, WAIT_SECONDS)))
    }
    return batch
  }

  async function receive(most: number, waitSeconds: number): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: Math.min(most, MAX_RECEIVE),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    })
    const asked = sqs.send(command, { abortSignal: ending.signal })
    receiving.add(asked)
    const answer = await asked.finally(() => receiving.delete(asked))
    return answer.Messages ?? []
  }

  async function handle(messages: Message[]): Promise<void> {
    const outcome = await options.invoke({
      Records: messages.map((message) => toRecord(message, queue.arn, options.region)),
    })
    const ids = messages.map((message) => message.MessageId ?? '')
    const handled = handledIds(ids, outcome, options.reportsFailures)
    await remove(messages.filter((message) => handled.has(message.MessageId ?? '')))
  }

  async function remove(messages: Message[]): Promise<void> {
    for (let at = 0; at < messages.length; at += MAX_RECEIVE) {
      const Entries = messages.slice(at, at + MAX_RECEIVE).map((message, index) => ({
        Id: String(index),
        ReceiptHandle: message.ReceiptHandle,
      }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }))
    }
  }

  function resume(): void {
    if (!run.paused || ending.signal.aborted) return
    run = { paused: false }
    for (let started = 0; started < options.concurrency; started += 1) {
      const one: Promise<void> = loop(run).finally(() => loops.delete(one))
      loops.add(one)
    }
  }

  async function pause(): Promise<void> {
    run.paused = true
    await Promise.allSettled(receiving)
  }

  async function close(): Promise<void> {
    ending.abort()
    await Promise.allSettled(loops)
  }

  if (options.paused !== true) resume()
  return { pause, resume, close }
}
