import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Deployment } from '../deployment.ts'
import { type Poller, startPoller } from '../poller/poller.ts'
import { checkEventSource } from './checks.ts'
import type { RunningFunction } from './functions.ts'
import { functionAt, queueAt } from './look-up.ts'

/** Lambda begins with five concurrent batches for a queue. */
const FIRST_CONCURRENCY = 5

/**
 * Starts what feeds functions from queues, and lets Lambda's API switch each of it on and off.
 * @throws StackError for an event source that Lambda would refuse
 */
export function startPollers(
  deployment: Deployment,
  functions: RunningFunction[],
  options: { sqs: SQSClient; maxProcesses: number; onError(where: string, error: unknown): void },
): Poller[] {
  for (const source of deployment.eventSources) checkEventSource(deployment, source)
  return deployment.eventSources.map((source) => {
    const definition = functionAt(deployment, source.functionName, source.where)
    const running = functions.find((one) => one.arn === definition.arn)
    const { uuid, batchSize, windowSeconds, reportsFailures, maximumConcurrency, enabled, queueArn } = source
    const poller = startPoller({
      sqs: options.sqs,
      queue: queueAt(deployment, queueArn, source.where),
      region: deployment.gateway.region,
      ...{ batchSize, windowSeconds, reportsFailures },
      // More batches than processes would wait while their visibility runs out.
      concurrency: Math.min(maximumConcurrency ?? FIRST_CONCURRENCY, options.maxProcesses),
      paused: !enabled,
      invoke: async (event) => (await running?.invoke(event)) ?? { kind: 'throttled' },
      onError: (error) => options.onError(source.where, error),
    })
    const { held, enable, disable } = switchable(poller, enabled)
    deployment.gateway.lambda.addMapping({
      ...{ uuid, batchSize, windowSeconds, reportsFailures, maximumConcurrency, enabled, enable, disable, queueArn },
      functionArn: definition.arn,
    })
    return held
  })
}

/** Two hands on one poller: it polls while Lambda's API has it enabled and the stack's owner does not hold it. */
function switchable(poller: Poller, enabled: boolean) {
  const on = { api: enabled, owner: true }
  const go = () => {
    if (on.api && on.owner) poller.resume()
  }
  return {
    enable() {
      on.api = true
      go()
    },
    async disable() {
      on.api = false
      await poller.pause()
    },
    held: {
      async pause() {
        on.owner = false
        await poller.pause()
      },
      resume() {
        on.owner = true
        go()
      },
      close: poller.close,
    },
  }
}
