import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { packBytes, toSqsEntry } from '../../../core/ingest/message.ts'
import { AwsError } from '../../../local/aws/gateway.ts'
import { until } from '../../../local/start/until.ts'
import { freshDelivery, type Scene, type Stage } from '../support/stage.ts'

const MINUTE = 60_000

/** The ledger takes nothing. */
const ledgerFails = (stage: Stage) =>
  stage.intercept((call) => {
    const isClaim = stage.functionOf(call, 'consumer') && call.action === 'dynamodb:PutItem'
    if (isClaim && call.resources.some((arn) => arn.includes('edger')))
      throw new AwsError('InternalServerError', 'Internal server error', 500)
  })

/** A delivery that came in a while ago and is worked off now. */
async function late(stage: Stage, ms: number): Promise<void> {
  const { connected, details, clients } = stage.system
  const arrival = { connection: stage.connection, slot: connected.slot, receivedAt: Date.now() - ms }
  const message = packBytes(arrival, Buffer.from(freshDelivery(stage.aTask().id)))
  if (message === null) throw new Error('The delivery does not fit')
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: details.queues.deliveries, ...toSqsEntry(message) }))
}

export const CONSUMER: Readonly<Record<string, Scene>> = {
  async ConsumerFailing(stage) {
    ledgerFails(stage)
    await stage.deliver(6)
  },

  async ConsumerFailures(stage) {
    ledgerFails(stage)
    await stage.deliver(3)
  },

  /** It dies as soon as it has a batch, each time. */
  async ConsumerErrors(stage) {
    stage.intercept((call) => {
      if (!stage.functionOf(call, 'consumer')) return
      for (const { pid, busy } of stage.named('consumer').processes()) if (busy) process.kill(pid, 'SIGKILL')
    })
    for (let times = 0; times < 4; times += 1) await stage.deliver(1)
  },

  /** Something that is no delivery lies on the queue. */
  async QuarantineNotEmpty(stage) {
    const { details, clients } = stage.system
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: details.queues.deliveries, MessageBody: 'poison' }))
    const { name } = stage.queue('Deliveries/Quarantine')
    await until(async () => ((await stage.gateway.lookIntoQueue(name))?.visible ?? 0) > 0 || undefined, {
      what: 'the quarantine to have it',
      deadlineMs: 20_000,
      everyMs: 50,
    })
    await stage.stack.lookAtAlarms()
  },

  DeliveriesLate: (stage) => late(stage, 6 * MINUTE),
  DeliveriesVeryLate: (stage) => late(stage, 16 * MINUTE),

  /** Nobody takes anything off the queue. */
  async DeliveriesStuck(stage) {
    await stage.stack.pausePollers()
    stage.after(stage.stack.resumePollers)
    await stage.deliver(1)
    await stage.stack.lookAtAlarms(Date.now() + 60 * MINUTE)
  },
}
