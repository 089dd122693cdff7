import type { ClickUp } from '../clickup/client.ts'
import type { DeliveryMessage } from '../ingest/message.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Connection } from '../platform/connections.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Publish } from '../publish/bus.ts'
import type { KnownStore } from '../tasks/known-store.ts'
import type { TaskStore } from '../tasks/store.ts'
import type { WorklogStore } from '../tasks/worklog.ts'

/** Everything that the way of a change needs, passed in; the connection's own where it says so. */
export type Services = {
  clock: Clock
  /** A number from 0 to 1, for jitter. */
  random(): number
  connection: Connection
  /** ClickUp, asked with the connection's token. */
  clickup: ClickUp
  /** The connection's own user, where known. */
  selfId(): Promise<string | null>
  ledger: Ledger
  tasks: TaskStore
  known: KnownStore
  worklog: WorklogStore
  publish: Publish
  /** Puts a message on the queue again, later; the one that it repeats is acknowledged after that. */
  sendAgain(message: DeliveryMessage, delaySeconds: number): Promise<void>
  /** Puts a message where people look, with the reason. */
  quarantine(message: DeliveryMessage, fault: { class: string; reason: string }): Promise<void>
  log: Log
  metrics: Metrics
}
