import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ClickUp } from '../clickup/client.ts'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { PauseWatch } from '../pause/watch.ts'
import type { Clock } from '../platform/clock.ts'
import type { Connection } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { PartStore } from '../process/found/parts.ts'
import type { Pending } from '../process/pending.ts'
import type { PublishNotice } from '../publish/notice.ts'
import type { TaskStore } from '../tasks/store.ts'
import type { WorklogStore } from '../tasks/worklog.ts'
import type { GapStore } from './gaps.ts'
import type { SendJob } from './job.ts'
import type { SyncSettings } from './settings.ts'

/** Everything that backfill, sweep and census need for one connection, passed in. */
export type SyncServices = {
  clock: Clock
  connection: Connection
  /** ClickUp, asked in the lane of the job. */
  clickup: ClickUp
  record(): Promise<ConnectionRecord | null>
  /** Read only: the consumer alone writes them. */
  tasks: Pick<TaskStore, 'load'>
  worklog: Pick<WorklogStore, 'entriesFrom' | 'load'>
  tasksTable: { dynamo: DynamoDBDocumentClient; table: string }
  state: { dynamo: DynamoDBDocumentClient; table: string }
  parts: PartStore
  pending: Pick<Pending, 'load'>
  gaps: GapStore
  /** Puts messages on the deliveries queue. @throws when one was refused */
  handOver(messages: readonly DeliveryMessage[]): Promise<void>
  sendJob: SendJob
  sendGuard: SendJob
  publishNotice: PublishNotice
  settings: SyncSettings
  /** While the stage is paused no step is begun; and what has waited for its end is not late. */
  pause: PauseWatch
  /** Names a new run. */
  newRun(): string
  /** No step is begun after this time (ms since 1970), and no worker holds a run for longer than `endsAt`. */
  stepUntil: number
  endsAt: number
  log: Log
  metrics: Metrics
}
