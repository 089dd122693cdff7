import { loadConnection } from '../../core/clickup/connection-record.ts'
import { loadUpstream } from '../../core/upstream/status.ts'
import type { Io } from '../io.ts'
import type { Target } from '../target.ts'

/** What ClickUp allows on most plans, where nothing else is known. */
const CALLS_PER_MINUTE = 100

/**
 * How many deliveries to send again in a minute: half of the calls that ClickUp allows, because each may cost one and the other
 * half is for what happens now. Of several connections the one that is allowed least.
 */
export async function deliveriesPerMinute(
  io: Io,
  { dynamo, tables }: Target,
  connections: readonly string[],
): Promise<number> {
  const state = { dynamo, table: tables.state }
  const limits = await Promise.all(
    connections.map(async (connection) => {
      const [upstream, record] = await Promise.all([
        loadUpstream(state, connection, io.now()),
        loadConnection(state, connection),
      ])
      const told = upstream.budget.map(({ limit }) => limit)
      return told.length > 0 ? Math.min(...told) : (record?.callsPerMinute ?? CALLS_PER_MINUTE)
    }),
  )
  return Math.max(1, Math.floor(Math.min(CALLS_PER_MINUTE * 100, ...limits) / 2))
}
