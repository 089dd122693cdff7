import type { AlarmRow } from '../alarm.ts'
import { ours, sqs } from '../signals.ts'

/** What is told of what happened, and who says it. Of stages that have it. */
export const STANDUP: readonly AlarmRow[] = [
  {
    name: 'SummariesFailing',
    severity: 'P2',
    needs: 'model',
    impact:
      'The model has not answered three times in a row: summaries are told by template, and what only a model can fill stays empty.',
    watched: 'how often in a row the model has failed to answer',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('ModelFailuresInARow', 'Maximum') },
    periodSeconds: 300,
    threshold: 3,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'ignore',
      why: 'It is asked a few times a day, and until it is asked again nothing has changed.',
    },
    runbook: {
      causes: [
        'The provider is down, or slower than `standup.model.timeoutSeconds`.',
        'The key was revoked, or there is none yet.',
        'Bedrock: access to the model was not granted in this account and region, or it is not there at all.',
        'Bedrock and others: a quota of requests or tokens a minute.',
        'The model has been retired, or does not keep to the form that is asked for.',
      ],
      steps: [
        'Run `StandupTroubles`: the outcome says which of them it is, with the status of the answer.',
        '`denied`: with a key, `npx hookline rotate model-key` brings another one. Bedrock: console, Bedrock, Model access, in the region that is asked.',
        '`timeout`: raise `standup.model.timeoutSeconds`. `rateLimited`: ask for a higher quota, or move the summaries apart.',
        '`malformed`: another model, or another version of the prompt: `npx hookline standup --dry-run` shows what comes of it.',
        'Nothing has to be made up for: each summary was told, by template. It ends with the next answer.',
      ],
      queries: ['StandupTroubles', 'Summaries'],
    },
  },
  {
    name: 'StandupFailed',
    severity: 'P2',
    needs: 'standup',
    impact: 'Summaries or recipes failed five times each: they were not done, and will not be by themselves.',
    watched: 'messages in the dead-letter queue of summaries and recipes',
    unit: 'count',
    watches: { kind: 'signal', signal: sqs('ApproximateNumberOfMessagesVisible', 'failedStandupQueue') },
    periodSeconds: 300,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'SQS tells nothing of a queue that lies empty and untouched for six hours.',
    },
    runbook: {
      causes: [
        'A fault of an AWS service that lasted for more than an hour.',
        'A schedule or the bus may not fill the queue: with a key of your own, its policy (docs/encryption.md).',
        'A release with a fault, or a prompt that is missing from it.',
        'An item of the state table that cannot be read.',
      ],
      steps: [
        'Run `StandupTroubles` for the time of the failures, and `Crashes`.',
        'Mend the cause and deploy.',
        'Console, SQS, the queue with `StandupJobsFailed` in its name: start a DLQ redrive to a custom destination, the queue with `StandupJobsQueue` in its name. (Back to the source goes only what came from there: what a schedule or the bus could not deliver was put here by themselves.)',
        'What was done already is not done twice; a summary that was due more than a day ago is left out, and so is a recipe on a schedule.',
      ],
      queries: ['StandupTroubles', 'Crashes'],
    },
  },
]
