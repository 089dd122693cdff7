import type { Sqs } from '../sqs/handler.ts'
import type { Rule } from './rules.ts'
import type { RuleTarget } from './target.ts'

/** How a target of some kind is reached: rejects when it could not take the input. */
export type Deliver = (targetArn: string, input: string) => Promise<unknown>

/** Waits between the tries of one delivery: much shorter than EventBridge's, which goes on for 24 hours. */
const RETRY_AFTER_MS = [100, 400]

function codeOf(error: unknown): { code: string; message: string } {
  return error instanceof Error
    ? { code: error.name, message: error.message }
    : { code: 'Error', message: String(error) }
}

/** Text as JSON where it is JSON: several lines of strings from a template are not. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Brings inputs to targets, some tries each, then to the target's dead-letter queue. Never rejects. */
export function createDelivery(sqs: Sqs, invoke: (functionArn: string, payload: unknown) => Promise<unknown>) {
  const kinds = new Map<string, Deliver>([
    ['arn:aws:sqs:', (arn, input) => sqs.sendTo(arn, { body: input })],
    ['arn:aws:lambda:', (arn, input) => invoke(arn, parsed(input))],
  ])
  let closed = false

  /** The longest prefix wins, so that a test can stand in for one function alone. */
  function wayTo(arn: string): Deliver | undefined {
    const prefixes = [...kinds.keys()].filter((prefix) => arn.startsWith(prefix))
    const longest = prefixes.sort((a, b) => b.length - a.length)[0]
    return longest === undefined ? undefined : kinds.get(longest)
  }

  async function giveUp(rule: Rule, target: RuleTarget, input: string, error: unknown): Promise<void> {
    const { code, message } = codeOf(error)
    const lost = `The event for target ${target.id} of rule ${rule.name} was lost: ${code}: ${message}`
    if (target.deadLetterArn === undefined) {
      process.emitWarning(lost)
      return
    }
    const attributes = {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.arn,
      ERROR_CODE: code,
      ERROR_MESSAGE: message === '' ? code : message,
      RETRY_ATTEMPTS: String(RETRY_AFTER_MS.length),
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    }
    await sqs
      .sendTo(target.deadLetterArn, { body: input, attributes })
      .catch((second: unknown) => process.emitWarning(`${lost}; its dead-letter queue: ${codeOf(second).message}`))
  }

  async function attempt(rule: Rule, target: RuleTarget, input: string): Promise<void> {
    const deliver = wayTo(target.arn)
    let error: unknown = new Error('There is no way to this target any more.')
    for (const wait of [0, ...RETRY_AFTER_MS]) {
      // A retry keeps no process alive that has nothing else to do.
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait).unref())
      if (closed || deliver === undefined) break
      try {
        await deliver(target.arn, input)
        return
      } catch (thrown) {
        error = thrown
      }
    }
    if (!closed) await giveUp(rule, target, input, error)
  }

  return {
    canDeliver: (arn: string) => wayTo(arn) !== undefined,
    onDeliver(arnPrefix: string, deliver: Deliver): void {
      kinds.set(arnPrefix, deliver)
    },
    /** Starts in the background: PutEvents answers before anything is delivered. */
    start(rule: Rule, target: RuleTarget, input: string): void {
      void attempt(rule, target, input)
    },
    /** Ends retries; what is being delivered is left to itself. */
    close(): void {
      closed = true
    },
  }
}
export type Delivery = ReturnType<typeof createDelivery>
