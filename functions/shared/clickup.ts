import * as z from 'zod'
import { type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import { type ConnectionRecord, loadConnection } from '../../core/clickup/connection-record.ts'
import { createClickUpGate } from '../../core/clickup/gate.ts'
import { createPauseWatch, type PauseWatch } from '../../core/pause/watch.ts'
import type { Connection } from '../../core/platform/connections.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { onTrial } from '../../core/rotation/token-trial.ts'
import { cached } from '../../core/secrets/cached.ts'
import { versionedSecrets } from '../../core/secrets/store.ts'
import { broughtAt, parseTokenSecret } from '../../core/secrets/token.ts'
import type { Credential, TokenSource } from '../../core/upstream/credential.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { countCall, logCall } from './calls.ts'
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

export type Asking = {
  lane: Lane
  /** When every call must have ended, ms since 1970. */
  deadline: number
  /**
   * Asks with this token. What becomes of it counts in no metric of the token in use.
   * @default - the current one of the connection's secret
   */
  credential?: Credential
  /**
   * Reads the token anew instead of using one that is kept: for whom it matters whose it is. With the one of before a
   * takeover, another user's webhooks would be listed and ours be taken for lost.
   * @default false
   */
  fresh?: boolean
}

/** What a function knows of the connections of its stage, and asks of ClickUp for each. */
export type ClickUps = {
  /** Whether the stage is paused: then no client calls. */
  pause: PauseWatch
  /** The connection as it was configured; undefined for a name that is not. */
  connection(name: string): Connection | undefined
  /** Kept for a minute; null while the connection was not made, and when what is stored of it cannot be read. */
  record(name: string): Promise<ConnectionRecord | null>
  /**
   * Asks in a lane; all clients of a connection share its budget.
   * @throws Error for a connection that is not configured
   */
  of(name: string, asking: Asking): ClickUp
  /**
   * When the token in use was brought, ms since 1970, as far as that is known; null where there is none. Kept with the token.
   * Rejects when it cannot be read.
   */
  tokenSince(name: string): Promise<number | null>
  /** Asks with the token that was in use before this one; null where there is none. Nothing of it is kept. */
  former(name: string, asking: Asking): Promise<ClickUp | null>
}

const UNREAD = 'The token could not be read from its secret'

/** Made once per process: it keeps tokens, records and what was reserved of each budget. */
export function createClickUps(
  { stage, connections, stateTable, clickupUrl }: ClickUpsEnvironment,
  platform: WorkerPlatform,
): ClickUps {
  const { clock, random, sleep, log, metrics, dynamo, fetch, timeout } = platform
  const state = { dynamo, table: stateTable }
  const pause = createPauseWatch({ ...state, clock, log })
  const readSecret = versionedSecrets(platform.secrets)
  const readFormer = versionedSecrets(platform.secrets, 'AWSPREVIOUS')
  /** What any reading has told last. */
  const lastRead = new Map<string, { since: number | null; at: number }>()
  const readToken = async (connection: string) => {
    try {
      const { text, version, createdAt } = await readSecret(tokenSecretName(stage, connection))
      const secret = parseTokenSecret(text)
      const { token } = secret
      const found = token === null ? null : { token, version, since: broughtAt(secret, createdAt) }
      lastRead.set(connection, { since: found?.since ?? null, at: clock.now() })
      return found
    } catch (error) {
      // While a former value is good this harms nobody; where there is none, all work waits, and this is why.
      log.warn(UNREAD, { connection, error })
      throw error
    }
  }
  const tokens = cached(readToken, { clock, ...TOKEN_CACHE })
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
    const services = { clock, random, sleep, log, pause }
    const gate = createClickUpGate({ state, connection: name, callsPerMinute, planLimit, ...services })
    known.set(name, { connection, gate })
  }

  const clickups: ClickUps = {
    pause,
    connection: (name) => known.get(name)?.connection,
    record: (name) => records.get(name),
    of(name, { lane, deadline, credential, fresh = false }) {
      let read: Promise<Credential | null> | undefined
      const tokenInUse: TokenSource = async (renew) => {
        if (!renew && !fresh) return tokens.get(name)
        if (renew) read = tokens.refresh(name).then(({ value }) => value)
        read ??= readToken(name)
        return read
      }
      const gate = known.get(name)?.gate
      if (gate === undefined) throw new Error(`The connection ${name} is not configured`)
      return createClickUp({
        baseUrl: clickupUrl,
        token: credential === undefined ? tokenInUse : async () => credential,
        gate: credential === undefined ? gate : onTrial(gate),
        ...{ fetch, timeout, clock, random, sleep, lane },
        deadline: () => deadline,
        onCall: (call) => {
          countCall(call, { inUse: credential === undefined }, metrics)
          logCall(call, name, log)
        },
      })
    },
    async tokenSince(name) {
      const read = lastRead.get(name)
      if (read !== undefined && clock.now() - read.at < TOKEN_CACHE.lifeMs) return read.since
      return (await tokens.get(name))?.since ?? null
    },
    async former(name, asking) {
      try {
        const { text, version } = await readFormer(tokenSecretName(stage, name))
        const { token } = parseTokenSecret(text)
        return token === null ? null : clickups.of(name, { ...asking, credential: { token, version } })
      } catch (error) {
        log.warn('The former token cannot be read', { connection: name, error })
        return null
      }
    },
  }
  return clickups
}
