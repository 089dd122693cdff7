import * as z from 'zod'

/**
 * A KMS key of your own, in the same region, for what is at rest: tables, queues, secrets, logs, topics and the archive.
 * What its policy has to allow stands in docs/encryption.md; a key that is disabled or deleted stops Hookline, and deleted it
 * makes what was written unreadable for ever.
 * @default - AWS's own keys, which cost nothing or next to nothing
 */
export const encryptionKeyArn = z
  .string()
  // By its id and not by an alias: an alias can be moved to another key, and rights are given on the key itself.
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/,
    'must be the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/…',
  )
  .optional()
