import type { Account } from '../clickup/account.ts'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import { faultText } from '../guard/fault-text.ts'
import type { Fault } from '../upstream/fault.ts'
import type { Trial } from './token-trial.ts'

const ROTATE = 'npx hookline rotate token'

/** Why ClickUp's answer ends a test, with what to do. */
export function refusalText(isCopy: boolean, fault: Fault): string {
  if (fault.kind !== 'tokenDead')
    return `The ${isCopy ? 'token in use' : 'new token'} did not pass its test: ${faultText(fault)}`
  return isCopy
    ? `ClickUp refuses the token in use (${fault.code}): make a new one in ClickUp (Settings, Apps) and bring it with ${ROTATE}.`
    : `ClickUp refuses the new token (${fault.code}): make another in ClickUp (Settings, Apps) and run ${ROTATE} again.`
}

/** Why a token is not one for this connection, with what to do; null where nothing speaks against it. */
export function misfitOf(
  { isCopy, takeover }: Pick<Trial, 'isCopy' | 'takeover'>,
  { workspaceId, workspaceName, userId, userName }: ConnectionRecord,
  { user, workspaces }: Account,
): string | null {
  const its = `The ${isCopy ? 'token in use' : 'new token'} is that of ${user.name} (${user.id})`
  const workspace = workspaceName === undefined ? workspaceId : `${workspaceName} (${workspaceId})`
  if (!workspaces.some(({ id }) => id === workspaceId)) {
    const sees = workspaces.length === 0 ? 'sees no workspace' : `does not see the workspace ${workspace}`
    return `${its}, who ${sees}: invite that user to ${workspace} in ClickUp, or bring the token of another, with ${ROTATE}.`
  }
  if (user.id === userId || takeover) return null
  const former = userName === undefined ? userId : `${userName} (${userId})`
  return isCopy
    ? `${its}, and the connection was made with that of ${former}: run npx hookline connect to set that right.`
    : `${its}, and the connection was made with that of ${former}: bring one of the same user, or run ${ROTATE} --takeover to have the webhooks made anew.`
}

export const UNSEEN =
  'The new token does not show the webhook of this connection: look at npx hookline status, and bring the token again when the webhook is well.'
export const GIVEN_UP =
  'The webhook of the new token’s user was given up before the token could be put in force: bring the token again.'
