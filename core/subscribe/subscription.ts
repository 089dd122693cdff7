/** Where the events of a subscription go. ARNs and names are of what is there already; without one it is made. */
export type SubscriptionTarget =
  | { kind: 'lambda'; arn: string }
  | { kind: 'sqs'; arn: string | undefined }
  /** `secret`: name of the secret in Secrets Manager whose text is sent in the header `header`. */
  | { kind: 'https'; url: string; header: string; secret: string }

/** Names of subscriptions of a stage begin so, and nothing else does. */
export const subscriptionPrefix = (stage: string): string => `hookline-${stage}-sub-`

/** Names of a subscription's rule and queues. EventBridge takes 64 characters for a rule's. */
export function subscriptionNames(stage: string, name: string) {
  const rule = `${subscriptionPrefix(stage)}${name}`
  return { rule, queue: rule, deadLetters: `${rule}-dead` }
}

export const MAX_RULE_NAME = 64

/** EventBridge's own longest: a target that is down for a day loses nothing. */
export const RETRY = { hours: 24, attempts: 185 }
/** What nobody has looked at for so long is gone: SQS keeps nothing longer. */
export const RETENTION_DAYS = 14
/** A reader that fails as often has to be looked at. */
export const MAX_RECEIVES = 10

/** Tags of everything that a subscription consists of. */
export const subscriptionTags = (stage: string, name: string) => ({
  'hookline:stage': stage,
  'hookline:subscription': name,
})

/** A function that was named is not in this account and region. */
export class NoSuchFunction extends Error {
  override readonly name = 'NoSuchFunction'
  constructor(arn: string) {
    super(`There is no function ${arn} in this account and region.`)
  }
}
