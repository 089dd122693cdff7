import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { ClickUp } from '../clickup/client.ts'
import { type ConnectionRecord, loadConnection } from '../clickup/connection-record.ts'
import { createWebhooks } from '../clickup/webhooks.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { webhookUrl } from '../platform/names.ts'
import { createGapStore } from '../sync/gaps.ts'
import type { Job, SendJob } from '../sync/job.ts'
import type { SigningStore } from './signing-store.ts'
import { LockLost, openSession, type Session } from './state.ts'
import { type Tended, tend } from './tend.ts'

/** What looking after a connection's webhooks takes; the functions and the CLI have each their own. */
export type GuardServices = {
  connection: string
  state: { dynamo: DynamoDBDocumentClient; table: string }
  signing: SigningStore
  clickup: Pick<ClickUp, 'get' | 'send'>
  /** ClickUp by the token that was in use before this one, if there is one. A rotation to another user's token needs it. */
  formerClickUp?: () => Promise<Pick<ClickUp, 'get' | 'send'> | null>
  /** Base of every webhook's URL. */
  apiUrl: string
  /** To the jobs queue. */
  sendJob: SendJob
  clock: Clock
  log: Log
  /** How long a new webhook waits until its secret is known (see `WAIT_MS`). */
  waitMs: number
  /** How long the token is kept before it is read again, ms; 0 where it was read just now. */
  tokenLifeMs: number
  /**
   * How long the secret of a webhook that is no more is kept, ms.
   * @default SIGNING_CACHE.lingerMs
   */
  lingerMs?: number
  /**
   * How many ms since then were spent in pauses: a rotation that met one is given as much longer.
   * @default - none
   */
  pausedSince?: (at: number) => number
  /** Names this process and run, for the lock. */
  holder: string
}

export type Guarded =
  | Tended
  /** Not connected, disconnected, or without webhooks by choice. */
  | { kind: 'nothing' }
  /** Somebody alive has the lock. */
  | { kind: 'busy'; what: string; until: number }

/** Looks once after the webhooks of a connection; what has to wait is gone on with by a message to the guard's own queue. */
export async function runGuard(
  job: Pick<Job, 'reason'>,
  services: GuardServices & { sendGuard: SendJob },
): Promise<Guarded> {
  const { connection, clock, sendGuard } = services
  const record = await readRecord(services)
  if (record === null || record.mode === 'poll') return { kind: 'nothing' }
  const guarded = await guardOnce(record, services, 'the guard', { silent: job.reason === 'silent' })
  if (guarded.kind === 'waiting') {
    // A second one does no harm: it finds all well.
    const seconds = Math.max(1, Math.ceil((guarded.until - clock.now()) / 1_000))
    await sendGuard({ job: 'guard', connection, reason: 'mended' }, seconds)
  }
  return guarded
}

/** Not from a cache: what was disconnected a moment ago must not be made again. */
async function readRecord({ state, connection, log }: GuardServices): Promise<ConnectionRecord | null> {
  try {
    return await loadConnection(state, connection)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    log.error('What is stored of a connection is in a form that is not ours: connect it again', { connection })
    return null
  }
}

/** The workspace, and whose token is used. */
export type Whose = { workspaceId: string; userId: string }

/**
 * Looks once, under the lock.
 * @param what who is at it, in a word, for those who find the lock taken
 * @param how `silent`: a sweep has found what an active webhook did not deliver; `revive`: also where it was disconnected
 */
export async function guardOnce(
  { workspaceId, userId }: Whose,
  services: GuardServices,
  what: string,
  { silent = false, revive = false }: { silent?: boolean; revive?: boolean } = {},
): Promise<Guarded> {
  const { connection, apiUrl, clickup, state } = services
  return withSession(services, what, async (session): Promise<Guarded> => {
    if (session.state.offSince !== null) {
      if (!revive) {
        await session.release()
        return { kind: 'nothing' }
      }
      // What was missed while there was to be none is no gap.
      await session.save({ offSince: null, goodAt: null })
    }
    const api = createWebhooks(clickup, workspaceId)
    const urls = { a: webhookUrl(apiUrl, connection, 'a'), b: webhookUrl(apiUrl, connection, 'b') }
    const former = services.formerClickUp === undefined ? null : formerWebhooks(services.formerClickUp, workspaceId)
    return tend(session, { ...services, api, former, urls, userId, gaps: createGapStore(state) }, silent)
  })
}

const formerWebhooks = (former: NonNullable<GuardServices['formerClickUp']>, workspaceId: string) => async () => {
  const clickup = await former()
  return clickup === null ? null : createWebhooks(clickup, workspaceId)
}

/** Does something under the lock; whatever is thrown gives it back first. */
export async function withSession<Outcome>(
  services: Pick<GuardServices, 'state' | 'connection' | 'clock' | 'holder' | 'log'>,
  what: string,
  use: (session: Session) => Promise<Outcome>,
): Promise<Outcome | { kind: 'busy'; what: string; until: number }> {
  const opened = await openSession(services, what)
  if (opened.kind === 'busy') return opened
  try {
    return await use(opened.session)
  } catch (error) {
    if (!(error instanceof LockLost)) {
      // It runs out by itself; this only spares the next run the waiting.
      await opened.session.release().catch(() => undefined)
    }
    throw error
  }
}
