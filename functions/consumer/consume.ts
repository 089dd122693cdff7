import { type DeliveryMessage, type Encoding, waitsSince } from '../../core/ingest/message.ts'
import { LOOK_AGAIN_MS } from '../../core/pause/gate.ts'
import { runCanary } from '../../core/process/canary.ts'
import { runErrand } from '../../core/process/owed/errand.ts'
import { processBatch } from '../../core/process/process.ts'
import type { Disposition } from '../../core/process/settle.ts'
import { holdBack } from './hold-back.ts'
import { type Envelope, type Record, recordsOf } from './records.ts'
import type { Consumer } from './services.ts'

type Batch = { message: DeliveryMessage; envelope: Envelope }[]

/** Does something with the messages of a connection before they are worked off; answers those that come again instead. Never rejects. */
export type Prelude = (batch: Readonly<Batch>) => Promise<ReadonlySet<DeliveryMessage>>
const nothing: Prelude = async () => new Set()

/** Of the time that is left: publishing and completing what is claimed takes about as long again, and reading it as well. */
const CLAIMING_SHARE = 1 / 3
/** Before the time-out: by then every call to ClickUp has ended, and what was read is still published and completed. */
const MARGIN_MS = 10_000
/** A short time-out leaves more than half of itself for reading: else nothing would ever be read. */
const MARGIN_SHARE = 1 / 3

/**
 * Works a batch off and says which messages stay. A message without a success stays: absence of success is failure.
 *
 * @param remainingMs after so long the function is cut off
 * @param prelude what comes before the work
 */
export async function consume(
  event: unknown,
  consumer: Consumer,
  remainingMs = Number.POSITIVE_INFINITY,
  prelude: Prelude = nothing,
) {
  const records = recordsOf(event)
  consumer.metrics.count('MessagesReceived', records.length)
  const paused = await consumer.pause.look()
  if (paused.since !== null) return answerOf(records, await holdBack(records, consumer), consumer, lookAgainLater)
  const now = consumer.clock.now()
  const times = {
    claimUntil: now + remainingMs * CLAIMING_SHARE,
    deadline: now + remainingMs - Math.min(MARGIN_MS, remainingMs * MARGIN_SHARE),
    endsAt: now + remainingMs,
  }
  const done = new Set<string>()
  const batches = new Map<string, Batch>()
  for (const record of records) {
    if (record.kind === 'message' && consumer.knows(record.message.connection)) {
      const { connection } = record.message
      batches.set(connection, [...(batches.get(connection) ?? []), record])
    } else if (await setAside(record, consumer)) {
      done.add(record.envelope.messageId)
    }
  }
  await Promise.all(
    [...batches].map(async ([connection, batch]) => {
      const again = await prelude(batch)
      const ready = batch.filter(({ message }) => !again.has(message))
      const dispositions = await run(connection, ready, consumer, times)
      for (const [i, { envelope }] of ready.entries()) if (dispositions[i] === 'done') done.add(envelope.messageId)
    }),
  )
  return answerOf(records, done, consumer)
}

/** What Lambda is told: what is not done stays on the queue. */
async function answerOf(
  records: readonly Record[],
  done: ReadonlySet<string>,
  consumer: Consumer,
  secondsUntilNext = soon,
) {
  const failed = records.filter(({ envelope }) => !done.has(envelope.messageId))
  // Here and nowhere else: whatever kept a message from its end, it is counted once for each time that it comes again.
  if (failed.length > 0) consumer.metrics.count('MessagesFailed', failed.length)
  await Promise.all(failed.map(({ envelope }) => comeAgain(envelope, secondsUntilNext(envelope, consumer), consumer)))
  return { batchItemFailures: failed.map(({ envelope }) => ({ itemIdentifier: envelope.messageId })) }
}

type Times = { claimUntil: number; deadline: number; endsAt: number }

async function run(connection: string, batch: Batch, consumer: Consumer, times: Times): Promise<Disposition[]> {
  const { clock, metrics, log, pause } = consumer
  const messages = batch.map(({ message }) => message)
  const ours: readonly Encoding[] = ['errand', 'found', 'canary']
  const deliveries = messages.filter(({ encoding }) => !ours.includes(encoding))
  const found = messages.filter(({ encoding }) => encoding === 'found')
  const errands = messages.filter(({ encoding }) => encoding === 'errand')
  // Pauses apart: an operator wanted them, and an alarm would go off at their end.
  for (const since of deliveries.map(waitsSince))
    metrics.milliseconds('DeliveryAgeMs', clock.now() - since - pause.pausedSince(since))
  const ended = new Map<DeliveryMessage, Disposition>()
  try {
    // What was delivered goes first: what was found is older, and may be much.
    for (const [lane, its] of [
      ['live', deliveries],
      ['sweep', found],
    ] as const) {
      if (its.length === 0) continue
      const services = consumer.servicesOf(connection, { lane, ...times })
      const dispositions = await processBatch(its, services, times.claimUntil)
      for (const [i, message] of its.entries()) ended.set(message, dispositions[i] ?? 'retry')
    }
    for (const canary of messages.filter(({ encoding }) => encoding === 'canary')) {
      await runCanary(canary, consumer.canaryLedger())
      ended.set(canary, 'done')
    }
    for (const errand of errands)
      ended.set(errand, await runErrand(errand, consumer.servicesOf(connection, { lane: 'sweep', ...times })))
  } catch (error) {
    log.error('A batch failed and comes again', { connection, messages: messages.length - ended.size, error })
  }
  return messages.map((message) => ended.get(message) ?? 'retry')
}

/** What nobody here can read: set aside with its reason, so that nothing valid in the batch suffers. */
async function setAside(record: Record, { mailbox, metrics, log, clock }: Consumer): Promise<boolean> {
  const fault =
    record.kind === 'malformed'
      ? { class: 'malformed', reason: record.reason }
      : { class: 'unknownConnection', reason: 'the connection is not configured' }
  const { body, firstReceivedAt, receives } = record.envelope
  try {
    if (record.kind === 'message') await mailbox.quarantine(record.message, fault)
    else await mailbox.quarantineRaw(body, fault, { at: firstReceivedAt || clock.now(), attempts: receives })
    metrics.count('MessagesQuarantined')
    log.warn('A message was quarantined', fault)
    return true
  } catch (error) {
    log.error('A message could not be quarantined and comes again', { error })
    return false
  }
}

/** 5 s, 10 s, 20 s ...: a passing fault is over soon, and five receives must not be used up within it. */
const soon = ({ receives }: Envelope, { random }: Consumer): number =>
  Math.round(5 * 2 ** Math.min(receives - 1, 6) * (1 + random() / 5))

/** What a pause meets and the queue does not take anew has five receives, too, and nobody works it off before the end. */
const lookAgainLater = () => LOOK_AGAIN_MS / 1_000

async function comeAgain({ receiptHandle }: Envelope, seconds: number, { mailbox, log }: Consumer): Promise<void> {
  try {
    await mailbox.retryIn(receiptHandle, seconds)
  } catch (error) {
    // It comes again all the same, after the queue's own visibility time-out. Nothing else tells of it, were it refused each time.
    log.error('A failed message keeps the visibility of its queue', { error })
  }
}
