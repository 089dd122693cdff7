import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { EVENT_SOURCE } from '../../core/publish/index.ts'

/** Every event about a task, whatever changed: each carries the task as last read. */
export const PATTERN: EventPattern = {
  source: [EVENT_SOURCE],
  detail: { resource: { kind: ['task'] } },
}

/** Secrets Manager name of the secret that holds the database's connection string, as plain text. */
export const databaseSecretName = (stage: string) => `hookline-examples/${stage}/database-url`
