import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Deployment } from '../deployment.ts'
import { type Poller, startPoller } from '../poller/poller.ts'
import { checkEventSource } from './checks.ts'
import type { RunningFunction } from './functions.ts'
import { functionAt, queueAt } from './look-up.ts'

/** Lambda begins with five concurrent batches for a queue. */
const FIRST_CONCURRENCY = 5

/**
 * Starts what feeds functions from queues.
 * @throws StackError for an event source that Lambda would refuse
 */
export function startPollers(
  deployment: Deployment,
  functions: RunningFunction[],
  options: { sqs: SQSClient; maxProcesses: number; onError(where: string, error: unknown): void },
): Poller[] {
  for (const source of deployment.eventSources) checkEventSource(deployment, source)
  return deployment.eventSources
    .filter((source) => source.enabled)
    .map((source) => {
      const definition = functionAt(deployment, source.functionName, source.where)
      const running = functions.find((one) => one.arn === definition.arn)
      return startPoller({
        sqs: options.sqs,
        queue: queueAt(deployment, source.queueArn, source.where),
        region: deployment.gateway.region,
        batchSize: source.batchSize,
        windowSeconds: source.windowSeconds,
        reportsFailures: source.reportsFailures,
        // More batches than processes would wait while their visibility runs out.
        concurrency: Math.min(source.maximumConcurrency ?? FIRST_CONCURRENCY, options.maxProcesses),
        invoke: async (event) => (await running?.invoke(event)) ?? { kind: 'throttled' },
        onError: (error) => options.onError(source.where, error),
      })
    })
}
