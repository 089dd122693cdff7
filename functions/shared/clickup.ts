import * as z from 'zod'
import { type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { type ConnectionRecord, loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { cached } from '../../core/secrets/cached.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import type { WorkerPlatform } from './platform.ts'

const MINUTE = 60_000

/** A rotated token is in use within a minute, and at once when the old one is refused. */
export const TOKEN_CACHE = { lifeMs: MINUTE, staleMs: 60 * MINUTE, pauseMs: 10_000, refreshEveryMs: 10_000 }

export type ClickUpsEnvironment = {
  stage: string
  connections: readonly Connection[]
  stateTable: string
  /** Base of ClickUp's API. */
  clickupUrl: string
}

/** What a function knows of the connections of its stage, and asks of ClickUp for each. */
export type ClickUps = {
  /** The connection as it was configured; undefined for a name that is not. */
  connection(name: string): Connection | undefined
  /** Kept for a minute; null while the connection was not made, and when what is stored of it cannot be read. */
  record(name: string): Promise<ConnectionRecord | null>
  /**
   * Asks in a lane; all clients of a connection share its budget. No call is under way after `deadline` (ms since 1970).
   * @throws Error for a connection that is not configured
   */
  of(name: string, asking: { lane: Lane; deadline: number }): ClickUp
}

/** Made once per process: it keeps tokens, records and what was reserved of each budget. */
export function createClickUps(
  { stage, connections, stateTable, clickupUrl }: ClickUpsEnvironment,
  platform: WorkerPlatform,
): ClickUps {
  const { clock, random, sleep, log, metrics, dynamo, fetch, timeout } = platform
  const state = { dynamo, table: stateTable }
  const readSecret = versionedSecrets(platform.secrets)
  const tokens = cached(
    async (connection) => {
      const { text, version } = await readSecret(tokenSecretName(stage, connection))
      const { token } = parseTokenSecret(text)
      return token === null ? null : { token, version }
    },
    { clock, ...TOKEN_CACHE },
  )
  const records = cached(
    async (connection) => {
      try {
        return await loadConnection(state, connection)
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error
        // Whose token it is stays unknown; that is no reason to hold back every change of the connection.
        log.error('What is stored of a connection is in a form that is not ours', { connection })
        return null
      }
    },
    { clock, ...TOKEN_CACHE },
  )
  const known = new Map<string, { connection: Connection; gate: Gate }>()
  for (const connection of connections) {
    const { name, callsPerMinute } = connection
    const planLimit = async () => (await records.get(name))?.callsPerMinute ?? null
    const gate = createClickUpGate({ state, connection: name, callsPerMinute, planLimit, clock, random, sleep, log })
    known.set(name, { connection, gate })
  }

  return {
    connection: (name) => known.get(name)?.connection,
    record: (name) => records.get(name),
    of(name, { lane, deadline }) {
      const gate = known.get(name)?.gate
      if (gate === undefined) throw new Error(`The connection ${name} is not configured`)
      return createClickUp({
        baseUrl: clickupUrl,
        token: async (renew) => (renew ? (await tokens.refresh(name)).value : tokens.get(name)),
        ...{ fetch, timeout, clock, random, sleep, gate, lane },
        deadline: () => deadline,
        onCall: ({ outcome, ignoredHeaders }) => {
          metrics.count('ApiCalls')
          if (ignoredHeaders > 0) metrics.count('RateHeadersIgnored', ignoredHeaders)
          if (outcome === 'unavailable' || outcome === 'invalid') metrics.count('ApiErrors')
          if (outcome === 'tokenDead') metrics.count('TokenDead')
          if (outcome === 'rateLimited') metrics.count('RateLimited')
        },
      })
    },
  }
}
