import type { ClickUp } from '../clickup/client.ts'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Connection } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Publish } from '../publish/bus.ts'
import type { KnownStore } from '../tasks/known-store.ts'
import type { OwedStore } from '../tasks/owed-store.ts'
import type { StatusTimesStore } from '../tasks/status-times.ts'
import type { TaskStore } from '../tasks/store.ts'
import type { WorklogStore } from '../tasks/worklog.ts'
import type { Desk } from './expansion/desk.ts'
import type { PartStore } from './found/parts.ts'
import type { Resend } from './messages.ts'
import type { Pending } from './pending.ts'
import type { Reading } from './settings.ts'
import type { Unwanted } from './unwanted.ts'

/** Everything that the way of a change needs, passed in; the connection's own where it says so. */
export type Services = {
  clock: Clock
  /** A number from 0 to 1, for jitter. */
  random(): number
  connection: Connection
  /** ClickUp, asked with the connection's token, in the lane that this work is in. */
  clickup: ClickUp
  /** What was learnt of the connection when it was made; null while it was not. */
  record(): Promise<ConnectionRecord | null>
  ledger: Ledger
  tasks: TaskStore
  known: KnownStore
  worklog: Pick<WorklogStore, 'record' | 'load'>
  /** The tasks that were published without being read. */
  owed: OwedStore
  /** Totals of time in status, of before the connection. */
  statusTimes: Pick<StatusTimesStore, 'put'>
  /** Where messages of sweeps, censuses and backfills are crossed out. */
  parts: Pick<PartStore, 'done'>
  /** Where it is noted that deliveries wait. */
  pending: Pick<Pending, 'note'>
  desk: Desk
  /** The lists that are remembered as unwanted. */
  unwanted: Unwanted
  publish: Publish
  /** Puts messages on the queue again, later; those that they repeat are acknowledged after that. Answers why not, message by message. */
  sendAgain(messages: readonly Resend[]): Promise<(string | null)[]>
  /** Puts a message where people look, with the reason. */
  quarantine(message: DeliveryMessage, fault: { class: string; reason: string }): Promise<void>
  /** How tasks are read, and when a change is published without. */
  reading: Reading
  degradedAfterMs: number
  /** How many ms since then were spent in pauses: nothing is late because of them. */
  pausedSince(at: number): number
  /** When this invocation has to end, milliseconds since 1970. */
  endsAt: number
  log: Log
  metrics: Metrics
}
