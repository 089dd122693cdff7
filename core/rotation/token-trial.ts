import type { ClickUp } from '../clickup/client.ts'
import { parseTokenSecret, type TokenSecret } from '../secrets/token.ts'
import { CURRENT, holderOf, isOnlyTried, type Versions } from '../secrets/versions.ts'
import type { Credential } from '../upstream/credential.ts'
import type { Gate } from '../upstream/gate.ts'
import { copiedFrom } from './token-candidate.ts'

/** A token that a rotation tests. */
export type Trial = {
  run: string
  /** Whether it is the one in use, which is tested and kept. */
  isCopy: boolean
  /** Whether it may be another user's. */
  takeover: boolean
  clickup: Pick<ClickUp, 'get' | 'send'>
}

/**
 * The token of a version that a rotation makes; null where there is none yet, because nobody has brought one or because the
 * version is empty or the one in use: so it is when Secrets Manager only tries whether the function can be called. Null, too, for a copy of what is
 * in use no more: whether the former token would do, or may take over, is nobody's question once connect has stored another.
 */
export async function trialOf(
  run: string,
  {
    versions,
    clickupOf,
  }: { versions: Pick<Versions, 'read' | 'describe'>; clickupOf(credential: Credential): Trial['clickup'] },
): Promise<Trial | null | { kind: 'failed'; reason: string }> {
  const pending = await versions.read(run)
  if (pending === null || pending.text === '') return null
  let secret: TokenSecret
  try {
    secret = parseTokenSecret(pending.text)
  } catch {
    return {
      kind: 'failed',
      reason: 'What waits to be put in force is no token: bring it with npx hookline rotate token.',
    }
  }
  const { token, takeover = false } = secret
  if (token === null || (await isOnlyTried(run, versions))) return null
  const copied = copiedFrom(secret)
  if (copied !== null && copied !== holderOf((await versions.describe()).labels, CURRENT)) return null
  return { run, isCopy: copied !== null, takeover, clickup: clickupOf({ token, version: run }) }
}

/**
 * The gate for a token that is not the one in use: that it is refused is not written down, or everybody would take the token in
 * use for dead until one of them has tried it.
 */
export const onTrial = (gate: Gate): Gate => ({ ...gate, leave: (call) => gate.leave({ ...call, superseded: true }) })
