import * as z from 'zod'
import { parseJson } from '../platform/json.ts'

const statementSchema = z.looseObject({ Sid: z.string().optional() })
/** One statement may stand without a list: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html */
const policySchema = z.looseObject({
  Statement: z.union([z.array(statementSchema), statementSchema.transform((one) => [one])]),
})

/** A policy that is there and that we cannot read: whatever it allows or denies would be gone if it were written anew. */
export class UnreadablePolicy extends Error {
  override readonly name = 'UnreadablePolicy'
  constructor(queueArn: string) {
    super(`The policy of ${queueArn} is in a form that cannot be amended.`)
  }
}

/** Lets one rule send to a queue, and nobody without TLS. */
function statementsFor(ruleArn: string, queueArn: string, sid: string) {
  return [
    {
      Sid: sid,
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    },
  ]
}

/** Only over TLS: for queues of our own, whose other users nobody else has to know. */
const onlyTls = (queueArn: string) => ({
  Sid: 'OnlyTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: queueArn,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
})

/** The policy of a queue that is made for a rule. */
export const policyOfOwnQueue = (ruleArn: string, queueArn: string, sid: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [...statementsFor(ruleArn, queueArn, sid), onlyTls(queueArn)],
  })

/**
 * The policy of somebody else's queue with, or, without a rule, without what lets it send to the queue; what else it says stays.
 * @throws UnreadablePolicy
 */
export function amendedPolicy(
  policy: string | undefined,
  { sid, queueArn, ruleArn }: { sid: string; queueArn: string; ruleArn: string | null },
): string {
  const parsed = policySchema.safeParse(policy ? parseJson(policy) : { Version: '2012-10-17', Statement: [] })
  // Nothing of ours can have come into it.
  if (!parsed.success && policy !== undefined && ruleArn === null) return policy
  if (!parsed.success) throw new UnreadablePolicy(queueArn)
  const { Statement: before, ...rest } = parsed.data
  const kept = before.filter(({ Sid }) => Sid !== sid)
  const added = ruleArn === null ? [] : statementsFor(ruleArn, queueArn, sid)
  const all = [...kept, ...added]
  // An empty text takes the policy away; one without statements is refused.
  return all.length === 0 ? '' : JSON.stringify({ ...rest, Statement: all })
}

/** A Sid takes letters and digits only. */
export const sidOf = (rule: string): string => rule.replace(/[^A-Za-z0-9]/g, '')
