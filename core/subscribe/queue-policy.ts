import * as z from 'zod'
import { parseJson } from '../platform/json.ts'

const policySchema = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string().optional() })) })

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

/** The policy of somebody else's queue with, or without, what lets a rule send to it; what else it says stays. */
export function amendedPolicy(
  policy: string | undefined,
  sid: string,
  grant: { ruleArn: string; queueArn: string } | null,
): string {
  const parsed = policySchema.safeParse(policy === undefined || policy === '' ? undefined : parseJson(policy))
  const { Statement: before, ...rest } = parsed.data ?? { Version: '2012-10-17', Statement: [] }
  const kept = before.filter(({ Sid }) => Sid !== sid)
  const added = grant === null ? [] : statementsFor(grant.ruleArn, grant.queueArn, sid)
  const all = [...kept, ...added]
  // An empty text takes the policy away; one without statements is refused.
  return all.length === 0 ? '' : JSON.stringify({ ...rest, Statement: all })
}

/** A Sid takes letters and digits only. */
export const sidOf = (rule: string): string => rule.replace(/[^A-Za-z0-9]/g, '')
