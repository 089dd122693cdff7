import { createPending } from '../../../core/process/pending.ts'
import { AwsError } from '../../../local/aws/gateway.ts'
import { until } from '../../../local/start/until.ts'
import { untilDrained } from '../../end-to-end/support/system.ts'
import type { Scene, Stage } from '../support/stage.ts'

/** The verifier dies when it is about to hand a delivery to the queue. */
const dies: Scene = (stage) => {
  stage.intercept((call) => {
    if (!stage.functionOf(call, 'verifier')) return
    for (const { pid, busy } of stage.named('verifier').processes()) if (busy) process.kill(pid, 'SIGKILL')
  })
  return stage.deliver(6)
}

const queueRefuses = (stage: Stage) =>
  stage.intercept((call) => {
    if (stage.functionOf(call, 'verifier') && call.action === 'sqs:SendMessage')
      throw new AwsError('ServiceUnavailable', 'Try again', 503)
  })

/** AWS answers the verifier so late, one call after the other and then from the beginning. */
function slow(stage: Stage, latenciesMs: readonly number[]): void {
  let calls = 0
  stage.intercept(async (call) => {
    if (!stage.functionOf(call, 'verifier')) return
    const ms = latenciesMs[calls % latenciesMs.length]
    calls += 1
    await new Promise((resolve) => setTimeout(resolve, ms))
  })
}

export const INTAKE: Readonly<Record<string, Scene>> = {
  VerifierErrors: dies,

  async VerifierThrottled(stage) {
    stage.named('verifier').limit(0)
    stage.after(() => stage.named('verifier').limit(null))
    await stage.deliver(5)
  },

  async VerifierUnavailable(stage) {
    queueRefuses(stage)
    await stage.deliver(10)
  },

  async DeliveriesUnavailable(stage) {
    queueRefuses(stage)
    await stage.deliver(3)
  },

  /** The queue is slow, and does not answer a first try within its second. */
  async AcknowledgeSlow(stage) {
    slow(stage, [1_100, 100])
    await stage.deliver(1)
  },

  /** So is the secret, which has to be read first. */
  async AcknowledgeTooSlow(stage) {
    slow(stage, [1_100, 600])
    const verifier = stage.named('verifier')
    for (const { pid } of verifier.processes()) verifier.recycle(pid)
    await stage.deliver(1)
  },

  RefusedSignatures: (stage) => stage.deliver(6, 'a'.repeat(64)),

  async NoDeliveries(stage) {
    // What is still on its way would be heard after all.
    await untilDrained(stage.system)
    const longAgo = Date.now() - 5 * 3_600_000
    await stage.alter('connection', { connectedAt: longAgo })
    // A consumer that was still at work when its queue was emptied notes at its end what it has heard.
    await until(
      async () => {
        await stage.alter('intake', { heardAt: longAgo })
        await stage.pulse()
        const { heardAt } = await createPending({ ...stage.state, connection: stage.connection }).load()
        return heardAt === longAgo ? true : undefined
      },
      { what: 'silence', deadlineMs: 10_000 },
    )
  },
}
