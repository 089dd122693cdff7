import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { readAccount } from '../clickup/account.ts'
import { loadConnection } from '../clickup/connection-record.ts'
import { createWebhooks } from '../clickup/webhooks.ts'
import { webhookUrl } from '../platform/names.ts'
import { PK, stateKey } from '../platform/tables.ts'
import type { Fault } from '../upstream/fault.ts'
import { type GuardServices, withSession } from './guard.ts'
import { removeFormer } from './settle-rotation.ts'
import type { Session, WebhookRotation } from './state.ts'

export type Removed =
  /**
   * How many webhooks were deleted now; `wasConnected` is false for a connection that was not made. `left`: the id of one of a
   * former user, from whom the connection was taken over a moment ago, and which could not be deleted.
   */
  | { kind: 'removed'; webhooks: number; wasConnected: boolean; left: string | null }
  | { kind: 'busy'; what: string; until: number }
  /** ClickUp gave no answer: the guard makes none again, and what is left is deleted by the next call. */
  | { kind: 'unreachable'; fault: Fault }

/**
 * Deletes the webhooks of a connection and forgets that it was made; its tables and its token stay. Done twice it does nothing
 * more. First it is written down that there shall be none: from then on no guard makes one, whatever happens here.
 */
export function disconnect(services: GuardServices): Promise<Removed> {
  return withSession(services, 'disconnect', (session) => remove(session, services))
}

async function remove(session: Session, services: GuardServices): Promise<Removed> {
  const { connection, state, signing, clock } = services
  const record = await loadConnection(state, connection).catch(() => null)
  const { slots } = await signing.read()
  const wasConnected = record !== null || Object.keys(slots).length > 0 || session.state.intent !== null
  const former = formerOf(session.state.rotation)
  // Kept until its webhook is deleted, for whoever comes after a crash.
  const rotation = former === null ? null : session.state.rotation
  await session.save({ offSince: session.state.offSince ?? clock.now(), intent: null, rotation })
  // Never connected: maybe there is no token, and there is nothing to ask for.
  const deleted = wasConnected ? await deleteOurs(record?.workspaceId ?? null, session, services) : 0
  if (typeof deleted !== 'number') {
    await session.release()
    return { kind: 'unreachable', fault: deleted }
  }
  const isLeft = former !== null && record !== null && !(await deleteFormer(former, record.workspaceId, services))
  for (const slot of ['a', 'b'] as const) if (slots[slot] !== undefined) await signing.put(slot, null)
  const key = { [PK]: stateKey(connection, 'connection') }
  await state.dynamo.send(new DeleteCommand({ TableName: state.table, Key: key }))
  const report = { at: clock.now(), verdict: 'well' as const, findings: ['The connection was taken down.'] }
  await session.release({ slots: {}, goodAt: null, rotation: null, report })
  const webhooks = deleted + (former !== null && !isLeft ? 1 : 0)
  return { kind: 'removed', webhooks, wasConnected, left: isLeft ? former : null }
}

/** The webhook of a former user that still delivers beside the new one: it is in no list that the token in use gets. */
const formerOf = (rotation: WebhookRotation | null) =>
  rotation?.phase === 'over' && rotation.userId !== rotation.fromUserId ? rotation.fromId : null

async function deleteFormer(id: string, workspaceId: string, { formerClickUp }: GuardServices): Promise<boolean> {
  const clickup = (await formerClickUp?.()) ?? null
  return (await removeFormer(id, clickup === null ? null : createWebhooks(clickup, workspaceId))) === 'deleted'
}

/** How many were deleted, or why not all. Without a record every workspace of the token is looked at. */
async function deleteOurs(
  workspaceId: string | null,
  session: Session,
  { clickup, signing, apiUrl, connection }: GuardServices,
): Promise<number | Fault> {
  const { slots } = await signing.read()
  const ids = new Set([slots.a?.webhookId, slots.b?.webhookId, session.state.intent?.webhookId])
  const endpoints = new Set([webhookUrl(apiUrl, connection, 'a'), webhookUrl(apiUrl, connection, 'b')])
  let workspaces = workspaceId === null ? [] : [workspaceId]
  if (workspaceId === null) {
    const account = await readAccount(clickup)
    if (account.kind !== 'ok') return account
    workspaces = account.value.workspaces.map(({ id }) => id)
  }
  let deleted = 0
  for (const workspace of workspaces) {
    const api = createWebhooks(clickup, workspace)
    const listed = await api.list()
    if (listed.kind !== 'ok') return listed
    for (const { id, endpoint } of listed.value) {
      if (!ids.has(id) && !endpoints.has(endpoint)) continue
      const removed = await api.remove(id)
      if (removed.kind !== 'ok') return removed
      deleted += 1
    }
  }
  return deleted
}
