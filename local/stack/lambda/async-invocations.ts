import type { Timer } from '../schedule/scheduler.ts'
import type { FunctionError, InvokeOutcome } from './outcome.ts'

/** Lambda waits a minute before it repeats an asynchronous invocation that failed, and two before it does so again. */
const RETRY_DELAYS_MS = [60_000, 120_000]

type AsyncTarget = {
  functionArn: string
  /** Repeats after the first try. */
  retries: number
  /** Where the event itself goes in the end, with the error in attributes. */
  deadLetterArn: string | undefined
  /** Where a record of the whole invocation goes in the end. */
  failureArn: string | undefined
  invoke(payload: unknown): Promise<InvokeOutcome>
}

export type AsyncInvocations = {
  /** Takes the event and returns; what fails is repeated as Lambda does, then given to where the template says. */
  submit(target: AsyncTarget, payload: unknown): void
  close(): void
}

export function createAsyncInvocations(options: {
  timer: Timer
  send(queueArn: string, body: string, attributes: Record<string, string>): Promise<void>
  onLost(functionArn: string, error: FunctionError): void
}): AsyncInvocations {
  const callOffs = new Set<() => void>()

  async function attempt(target: AsyncTarget, payload: unknown, count: number): Promise<void> {
    const outcome = await target.invoke(payload)
    if (outcome.kind === 'returned') return
    const delay = RETRY_DELAYS_MS[count - 1]
    if (count <= target.retries && delay !== undefined) {
      const callOff = options.timer(delay, () => {
        callOffs.delete(callOff)
        void attempt(target, payload, count + 1)
      })
      callOffs.add(callOff)
      return
    }
    const error = outcome.kind === 'failed' ? outcome.error : { errorType: 'Throttled', errorMessage: 'Rate exceeded' }
    await giveUp(target, payload, error, count).catch(() => undefined)
    options.onLost(target.functionArn, error)
  }

  async function giveUp(target: AsyncTarget, payload: unknown, error: FunctionError, count: number): Promise<void> {
    if (target.deadLetterArn) {
      await options.send(target.deadLetterArn, JSON.stringify(payload), { ErrorMessage: error.errorMessage })
    }
    if (target.failureArn) {
      const record = {
        version: '1.0',
        requestContext: {
          functionArn: target.functionArn,
          condition: 'RetriesExhausted',
          approximateInvokeCount: count,
        },
        requestPayload: payload,
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: error,
      }
      await options.send(target.failureArn, JSON.stringify(record), {})
    }
  }

  return {
    submit: (target, payload) => {
      void attempt(target, payload, 1)
    },
    close: () => {
      for (const callOff of callOffs) callOff()
      callOffs.clear()
    },
  }
}
