import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { EVENT_SOURCE } from '../../core/publish/index.ts'

/** A task becomes urgent. */
export const PATTERN: EventPattern = {
  source: [EVENT_SOURCE],
  detailType: ['Task Priority Changed'],
  detail: { origin: [{ 'anything-but': ['backfill', 'replay'] }], after: { name: ['urgent'] } },
}

/**
 * What the state machine gets, by path in the event. Only what every event has: EventBridge gives no warning about a path
 * that finds nothing. No time of publishing either, so that a copy of the event gives the same input.
 */
export const INPUT_PATHS = {
  changeId: '$.detail.changeId',
  connection: '$.detail.connection',
  taskId: '$.detail.resource.id',
  priority: '$.detail.after.name',
  at: '$.detail.at',
} as const
