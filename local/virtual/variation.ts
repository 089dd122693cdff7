import type { ClickUp } from '../../core/clickup/client.ts'
import type { Reading } from '../../core/process/settings.ts'
import type { Job } from '../../core/sync/job.ts'
import type { SyncServices } from '../../core/sync/services.ts'
import type { SyncSettings } from '../../core/sync/settings.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Call, Through } from './aws/in-process.ts'
import type { Run } from './run.ts'

/** What a variation of the services may need beside them. */
type SyncWorld = {
  readonly job: Job['job']
  sleep(ms: number): Promise<void>
  /** ClickUp in the lane `live`. */
  live(): ClickUp
}

/** The container that calls: its label, and how it waits. */
type Caller = { readonly label: string; sleep(ms: number): Promise<void> }

/** What is otherwise than it is deployed: put around what the functions are given, so that their code is the same. */
export type Variation = {
  readonly reading?: Partial<Reading>
  /** Stands between the containers and AWS. */
  readonly through?: (call: Call, next: Parameters<Through>[1], container: Caller) => ReturnType<Through>
  /** Whether a container goes on after it was ended: one that was frozen and is thawed. */
  readonly outlives?: (container: string) => boolean
  /** Stands between a container and ClickUp. */
  readonly fetch?: (fetch: Fetch, container: string) => Fetch
  /** The settings of backfill, sweep and census. */
  readonly sync?: Partial<SyncSettings>
  /** Stands between backfill, sweep and census and what they are given. */
  readonly syncServices?: (services: SyncServices, world: SyncWorld) => SyncServices
  /** Ends a run early: what is otherwise shows, and the rest would only take long. Asked after every virtual millisecond. */
  readonly enough?: (run: Run) => boolean
}
