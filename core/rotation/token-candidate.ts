import type { Clock } from '../platform/clock.ts'
import { CANDIDATE, parseTokenSecret, type TokenSecret } from '../secrets/token.ts'
import { CURRENT, holderOf, type Versions } from '../secrets/versions.ts'
import type { StepOutcome } from './steps.ts'

type Services = { versions: Versions; clock: Clock }

/** Marks what is in use already, so that it is never put in force over a token that was brought meanwhile. */
const COPY_OF = 'copyOf'

/** Of which version the document is a copy; null for a token that was brought. */
export const copiedFrom = (secret: TokenSecret): string | null => {
  const from = secret[COPY_OF]
  return typeof from === 'string' ? from : null
}

/**
 * Fills the version of a rotation: with the token that the operator has brought, else with a copy of the one in use. A candidate
 * is taken up once, whether it passes or not: one that was refused would be tried again by every rotation after.
 */
export async function takeUp(run: string, { versions, clock }: Services): Promise<StepOutcome> {
  const { labels } = await versions.describe()
  const candidate = holderOf(labels, CANDIDATE)
  const brought = candidate === undefined ? null : await secretOf(candidate, versions)
  if (candidate !== undefined && brought?.secret?.token == null) {
    await versions.detach(CANDIDATE, candidate)
    return failed(`The version labelled ${CANDIDATE} holds no token: bring it with npx hookline rotate token.`)
  }
  const pending = await secretOf(run, versions)
  if (pending === null) {
    const current = holderOf(labels, CURRENT)
    const held = current === undefined ? null : await secretOf(current, versions)
    const fresh = brought?.secret ?? null
    const isNew = fresh !== null && fresh.token !== held?.secret?.token
    if (!isNew && held !== null && held.secret === null)
      return failed('The token secret is not in our form: store a token with npx hookline connect.')
    const document = isNew
      ? { ...fresh, since: fresh.since ?? brought?.createdAt ?? clock.now() }
      : copyOf(current ?? 'nothing', held)
    await versions.putPending(run, JSON.stringify(document))
  }
  // One that was brought after this rotation had begun waits for the next.
  const isTaken = pending === null || pending.secret?.token === brought?.secret?.token
  if (candidate !== undefined && isTaken) await versions.detach(CANDIDATE, candidate)
  return { kind: 'done' }
}

type Held = { secret: TokenSecret | null; createdAt: number | null }

/** Null for a version without a text; its secret is null where the text is not in our form. */
async function secretOf(version: string, versions: Pick<Versions, 'read'>): Promise<Held | null> {
  const found = await versions.read(version)
  if (found === null) return null
  try {
    return { secret: parseTokenSecret(found.text), createdAt: found.createdAt }
  } catch {
    return { secret: null, createdAt: found.createdAt }
  }
}

function copyOf(version: string, held: Held | null): TokenSecret {
  const { secret, createdAt } = held ?? {}
  if (secret == null) return { v: 1, token: null, [COPY_OF]: version }
  const since = secret.since ?? createdAt
  return { ...secret, ...(since == null ? {} : { since }), [COPY_OF]: version }
}

const failed = (reason: string): StepOutcome => ({ kind: 'failed', reason })
