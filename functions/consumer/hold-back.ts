import { type Encoding, waitsSince } from '../../core/ingest/message.ts'
import { LOOK_AGAIN_MS } from '../../core/pause/gate.ts'
import type { Record } from './records.ts'
import type { Consumer } from './services.ts'

type HoldingBack = Pick<Consumer, 'clock' | 'log' | 'pendingOf'> & { mailbox: Pick<Consumer['mailbox'], 'sendBack'> }

/**
 * Puts a batch off as it came, because the stage is paused: nothing is read, claimed, published or set aside, and no receive or
 * attempt is counted. Answers with the ids of those that the queue has again.
 */
export async function holdBack(records: readonly Record[], consumer: HoldingBack): Promise<ReadonlySet<string>> {
  const { clock, mailbox, log } = consumer
  const until = clock.now() + LOOK_AGAIN_MS
  await noteWaits(records, until, consumer)
  const refused = await mailbox
    .sendBack(
      records.map(({ envelope }) => envelope),
      LOOK_AGAIN_MS / 1_000,
    )
    .catch((error: unknown) => {
      log.error('Messages could not be put off for a pause and come again', { messages: records.length, error })
      return records.map(() => 'no answer')
    })
  const held = records.filter((_, i) => refused[i] === null).map(({ envelope }) => envelope.messageId)
  log.info('Hookline is paused: messages were put off', { messages: held.length, until })
  return new Set(held)
}

/** A sweep after the pause must not take for lost what comes back later. */
async function noteWaits(records: readonly Record[], until: number, { pendingOf, log }: HoldingBack): Promise<void> {
  const ours: readonly Encoding[] = ['errand', 'found', 'canary']
  const deliveries = records.flatMap((record) =>
    record.kind === 'message' && !ours.includes(record.message.encoding) ? record.message : [],
  )
  const byConnection = Map.groupBy(deliveries, ({ connection }) => connection)
  await Promise.all(
    [...byConnection].map(async ([connection, its]) => {
      const times = its.map(({ receivedAt }) => receivedAt)
      const waits = its.map((message) => ({ receivedAt: waitsSince(message), until }))
      try {
        await pendingOf(connection)?.note({ heardAt: Math.max(...times), waits })
      } catch (error) {
        log.error('It could not be noted that deliveries wait', { connection, error })
      }
    }),
  )
}
