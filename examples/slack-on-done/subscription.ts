import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { EVENT_SOURCE } from '../../core/publish/index.ts'

const OVER = ['done', 'closed']

/** Status changes into a status of type done or closed, from one that is neither, or from none at all. */
export const PATTERN: EventPattern = {
  source: [EVENT_SOURCE],
  detailType: ['Task Status Changed'],
  detail: {
    // What lies before the connection is history, and what is replayed was said before: nobody wants a year of it in a channel.
    origin: [{ 'anything-but': ['backfill', 'replay'] }],
    before: { type: [{ 'anything-but': OVER }, { exists: false }] },
    after: { type: OVER },
  },
}

/** Secrets Manager name of the secret that holds the incoming webhook's URL, as plain text. */
export const slackSecretName = (stage: string) => `hookline-examples/${stage}/slack-webhook-url`
