import type { Deployment } from '../deployment.ts'
import { StackError } from '../errors.ts'
import { type AsyncInvocations, createAsyncInvocations } from '../lambda/async-invocations.ts'
import type { Timer } from '../schedule/scheduler.ts'
import type { RunningFunction } from './functions.ts'
import { functionAt, queueAt } from './look-up.ts'
import type { Operator } from './operator.ts'

/** Lambda repeats an asynchronous invocation twice unless it is told otherwise. */
const DEFAULT_RETRIES = 2

export type TargetDelivery = {
  /** Brings an input to a function, which takes it asynchronously, or to a queue. Rejects when there is no such thing. */
  send(targetArn: string, input: unknown): Promise<void>
  close(): void
}

/** How what rules and schedules send reaches its target. */
export function createTargetDelivery(
  deployment: Deployment,
  functions: RunningFunction[],
  options: { operator: Operator; timer: Timer; onLog(source: string, line: string): void },
): TargetDelivery {
  const { operator } = options
  const urlOf = (arn: string) => queueAt(deployment, arn, arn).url
  const invocations: AsyncInvocations = createAsyncInvocations({
    timer: options.timer,
    send: (queueArn, body, attributes) => operator.sendMessage(urlOf(queueArn), body, attributes),
    onLost: (functionArn, { errorType, errorMessage }) =>
      options.onLog(functionArn, `an asynchronous invocation failed for good: ${errorType}: ${errorMessage}`),
  })

  async function send(targetArn: string, input: unknown): Promise<void> {
    if (targetArn.startsWith('arn:aws:sqs:')) {
      return operator.sendMessage(urlOf(targetArn), typeof input === 'string' ? input : JSON.stringify(input))
    }
    const definition = functionAt(deployment, targetArn, targetArn)
    const running = functions.find((one) => one.arn === definition.arn)
    if (!running) throw new StackError('template', `${targetArn} does not run`)
    const settings = deployment.asyncSettings.find((one) => one.functionName === definition.name)
    invocations.submit(
      {
        functionArn: definition.arn,
        retries: settings?.retries ?? DEFAULT_RETRIES,
        deadLetterArn: definition.deadLetterArn,
        failureArn: settings?.failureArn,
        invoke: running.invoke,
      },
      input,
    )
  }

  return { send, close: invocations.close }
}
