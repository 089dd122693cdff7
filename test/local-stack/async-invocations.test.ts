import { describe, expect, it } from 'vitest'
import { createAsyncInvocations } from '../../local/stack/lambda/async-invocations.ts'
import { failed, type InvokeOutcome } from '../../local/stack/lambda/outcome.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Outcomes in the order of the tries; the last one stays. */
function harness(outcomes: InvokeOutcome[]) {
  const delays: number[] = []
  const due: (() => void)[] = []
  const sent: { queueArn: string; body: unknown; attributes: Record<string, string> }[] = []
  const lost: string[] = []
  let tries = 0
  const invocations = createAsyncInvocations({
    timer: (ms, run) => {
      delays.push(ms)
      due.push(run)
      return () => due.splice(due.indexOf(run), 1)
    },
    send: async (queueArn, body, attributes) => {
      sent.push({ queueArn, body: JSON.parse(body), attributes })
    },
    onLost: (_arn, { errorMessage }) => lost.push(errorMessage),
  })
  const submit = (more: { retries?: number; deadLetterArn?: string; failureArn?: string } = {}) =>
    invocations.submit(
      {
        functionArn: 'F',
        retries: more.retries ?? 2,
        deadLetterArn: more.deadLetterArn,
        failureArn: more.failureArn,
        invoke: async () => outcomes[Math.min(tries++, outcomes.length - 1)] ?? { kind: 'throttled' },
      },
      { a: 1 },
    )
  const runDue = async () => {
    await settled()
    due.shift()?.()
    await settled()
  }
  return { invocations, submit, runDue, due, delays, sent, lost, tries: () => tries }
}

const ok: InvokeOutcome = { kind: 'returned', payload: null }
const bad = failed('Error', 'broken')

describe('asynchronous invocations', () => {
  it('end with the first success', async () => {
    const { submit, runDue, tries, delays, lost } = harness([bad, ok])
    submit()
    await runDue()
    expect([tries(), delays, lost]).toEqual([2, [60_000], []])
  })

  it('are repeated after one and two minutes, then go where the template says', async () => {
    const { submit, runDue, tries, delays, sent, lost } = harness([bad])
    submit({ deadLetterArn: 'dead', failureArn: 'failures' })
    await runDue()
    await runDue()
    expect([tries(), delays, lost]).toEqual([3, [60_000, 120_000], ['broken']])
    expect(sent).toEqual([
      { queueArn: 'dead', body: { a: 1 }, attributes: { ErrorMessage: 'broken' } },
      {
        queueArn: 'failures',
        attributes: {},
        body: expect.objectContaining({
          requestContext: { functionArn: 'F', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
          requestPayload: { a: 1 },
          responsePayload: { errorType: 'Error', errorMessage: 'broken' },
        }),
      },
    ])
  })

  it('are not repeated when the template says so', async () => {
    const { submit, tries, lost } = harness([bad])
    submit({ retries: 0 })
    await settled()
    expect([tries(), lost]).toEqual([1, ['broken']])
  })

  it('are not repeated any more after closing', async () => {
    const { submit, invocations, due, tries } = harness([bad])
    submit()
    await settled()
    expect(due).toHaveLength(1)
    invocations.close()
    expect([due, tries()]).toEqual([[], 1])
  })
})
