import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ArchivedDelivery } from '../../core/archive/record.ts'
import { type DeliveryMessage, toSqsEntry } from '../../core/ingest/message.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { archiveFirst } from '../../functions/archiving-consumer/archive-first.ts'
import { consume } from '../../functions/consumer/consume.ts'
import type { Consumer } from '../../functions/consumer/services.ts'
import { startAws } from '../support/aws.ts'
import { delivery, taskItem } from '../support/deliveries.ts'
import { neverPaused } from '../support/never-paused.ts'
import { setUpConsumer } from '../support/set-up.ts'
import { taskAnswer } from '../support/upstream.ts'

const T = 1_789_000_000_000

let aws: Awaited<ReturnType<typeof startAws>>
let sqs: SQSClient
let gateway: typeof aws.gateway
let embedded: typeof aws.embedded
beforeAll(async () => {
  aws = await startAws()
  ;({ gateway, embedded } = aws)
  sqs = new SQSClient(aws.settings)
})
afterAll(async () => {
  sqs.destroy()
  await aws.close()
})

/** A record as Lambda hands it over. */
const recordOf = (messageId: string, message: DeliveryMessage, receives: number) => ({
  ...{ messageId, receiptHandle: `r-${messageId}`, body: message.body },
  attributes: { ApproximateReceiveCount: String(receives), ApproximateFirstReceiveTimestamp: String(T) },
  messageAttributes: Object.fromEntries(
    Object.entries(toSqsEntry(message).MessageAttributes).map(([name, given]) => [
      name,
      { stringValue: given?.StringValue, dataType: given?.DataType },
    ]),
  ),
})

it('a delivery that cannot be archived comes again once, then it is worked off; what was put off is not held back', async () => {
  const [deliveries, quarantine] = await Promise.all(
    ['deliveries', 'quarantine'].map((name) => gateway.createQueue({ name, attributes: {} })),
  )
  const answers = { '/task/abc': taskAnswer('abc', { date_updated: String(T) }) }
  const worker = await setUpConsumer({ embedded, now: T + 10_000, answers })
  const { clock, log, metrics, random, ...services } = worker.services()
  const mailbox = createMailbox(sqs, { deliveries: deliveries?.url ?? '', quarantine: quarantine?.url ?? '' })
  const consumer: Consumer = {
    ...{ clock, log, metrics, random, mailbox },
    pause: neverPaused,
    pendingOf: () => undefined,
    knows: () => true,
    canaryLedger: () =>
      createLedger({
        ...{
          dynamo: embedded.dynamo,
          table: worker.tables.ledger,
          clock,
          owner: 'canary',
          leaseMs: 60_000,
          keepDays: 1,
        },
      }),
    servicesOf: () => ({ clock, log, metrics, random, ...services, quarantine: mailbox.quarantine }),
  }
  const status = worker.message(delivery('taskStatusUpdated', { task_id: 'abc' }, [taskItem.status('1', T)]), T)
  const priority = worker.message(delivery('taskPriorityUpdated', { task_id: 'abc' }, [taskItem.priority('2', T)]), T)
  const putOff = { ...priority, attempts: 1 }
  const stored: ArchivedDelivery[] = []
  let works = false
  const prelude = archiveFirst(async (given) => {
    if (!works) throw new Error('SlowDown')
    stored.push(...given)
  }, log)
  const run = (...records: ReturnType<typeof recordOf>[]) => consume({ Records: records }, consumer, 60_000, prelude)
  const fields = () => worker.published.map(({ field }) => field)

  const first = await run(recordOf('new', status, 1), recordOf('put off', putOff, 1))
  expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: 'new' }] })
  expect(fields()).toEqual(['priority'])
  expect(worker.counts['MessagesFailed']).toBe(1)

  expect(await run(recordOf('new', status, 2))).toEqual({ batchItemFailures: [] })
  expect(fields()).toEqual(['priority', 'status'])
  expect(worker.lines.map(({ message }) => message)).toContain('Deliveries are missing in the archive')

  works = true
  expect(await run(recordOf('other', status, 1))).toEqual({ batchItemFailures: [] })
  expect(stored.map(({ body }) => body)).toEqual([status.body])
})
