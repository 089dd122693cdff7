import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { type ConnectionRecord, loadConnection } from '../clickup/connection-record.ts'
import { loadWebhooks, type WebhooksState } from '../guard/state.ts'
import { createPending, oldestPending } from '../process/pending.ts'
import { createGapStore, type Gap } from '../sync/gaps.ts'
import { type Hierarchy, loadHierarchy } from '../sync/hierarchy.ts'
import type { BackfillRun, CensusRun, SweepRun } from '../sync/run.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../sync/run-store.ts'
import { loadUpstream, type UpstreamStatus } from '../upstream/status.ts'
import { overlapUntilOf, type Rotations, readRotations, type SecretsPlace } from './rotations.ts'

/** The items of the state table that a connection has. */
export type Thing =
  | 'connection'
  | 'hierarchy'
  | 'webhooks'
  | 'intake'
  | 'sweep'
  | 'census'
  | 'backfill'
  | 'gaps'
  | 'upstream'

/** What is stored of a connection. Each part is null while it is not there, and when it is none of ours (see `unreadable`). */
export type ConnectionStatus = {
  name: string
  record: ConnectionRecord | null
  hierarchy: Hierarchy | null
  webhooks: WebhooksState | null
  /** When the last delivery came in, within a minute; null for none. */
  heardAt: number | null
  /** When the oldest delivery that waits to be gone on with came in, at the earliest; null where none waits. */
  waitingSince: number | null
  sweep: SweepRun | null
  census: CensusRun | null
  backfill: BackfillRun | null
  gaps: readonly Gap[]
  /** Budget, breaker and token as the functions share them. */
  upstream: UpstreamStatus | null
  rotations: Rotations
  /** Items that are half written or of another version. */
  unreadable: readonly Thing[]
}

/** Everything before it that can be recovered is in the ledger, ms since 1970; null while nothing is promised. */
export const watermarkOf = ({ sweep }: Pick<ConnectionStatus, 'sweep'>): number | null => sweep?.watermark || null

/**
 * Reads all that is stored of a connection; what cannot be read is left out, and all the rest is told.
 * @param secrets null where nobody knows where they are
 */
export async function readConnection(
  state: { dynamo: DynamoDBDocumentClient; table: string },
  name: string,
  now: number,
  secrets: SecretsPlace | null = null,
): Promise<ConnectionStatus> {
  const unreadable: Thing[] = []
  async function read<Value>(thing: Thing, loading: Promise<Value>): Promise<Value | null> {
    try {
      return await loading
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      unreadable.push(thing)
      return null
    }
  }
  const [record, hierarchy, webhooks, intake, sweep, census, backfill, gaps, upstream, rotations] = await Promise.all([
    read('connection', loadConnection(state, name)),
    read('hierarchy', loadHierarchy(state, name)),
    read('webhooks', loadWebhooks(state, name)),
    read('intake', createPending({ ...state, connection: name }).load()),
    read('sweep', sweepRuns(state, name).load()),
    read('census', censusRuns(state, name).load()),
    read('backfill', backfillRuns(state, name).load()),
    read('gaps', createGapStore(state).list(name)),
    read('upstream', loadUpstream(state, name, now)),
    readRotations(state, name, secrets),
  ])
  // The spaces that can be read are told, and that others cannot.
  if ((hierarchy?.unreadable ?? []).length > 0) unreadable.push('hierarchy')
  return {
    ...{ name, record, hierarchy, webhooks, sweep, census, backfill, upstream },
    heardAt: intake?.heardAt || null,
    waitingSince: intake === null ? null : oldestPending(intake, now),
    gaps: gaps ?? [],
    rotations: { ...rotations, overlapUntil: overlapUntilOf(webhooks, now) },
    // They come in any order.
    unreadable: unreadable.sort(),
  }
}
