import type { Reading } from '../../core/process/settings.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Through } from './aws/in-process.ts'
import type { Run } from './scenario.ts'

/** What is otherwise than it is deployed: put around what the functions are given, so that their code is the same. */
export type Variation = {
  readonly reading?: Partial<Reading>
  /** Stands between the containers and AWS. */
  readonly through?: Through
  readonly fetch?: (fetch: Fetch) => Fetch
  /** Ends a run early: what is otherwise shows, and the rest would only take long. Asked after every virtual millisecond. */
  readonly enough?: (run: Run) => boolean
}
