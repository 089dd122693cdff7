import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

const DAY = 86_400_000
/** As the alarm does. */
const TOKEN_OLD_MS = 80 * DAY
/** Three of the default schedule's intervals. */
const SIGNING_OLD_MS = 90 * DAY

/** How old the secrets are, and how their last rotations went. */
export function rotation({ status: { rotations } }: Patient, now: number): Said {
  const { signing, token, tokenSince, signingChangedAt } = rotations
  for (const [report, what] of [
    [signing, 'signing secret'],
    [token, 'token'],
  ] as const) {
    if (report?.phase === 'failed')
      return fail(
        `The last rotation of the ${what} failed: ${report.detail}`,
        `Mend that, then npx hookline rotate ${what === 'token' ? 'token' : 'signing'}.`,
      )
  }
  const days = (at: number) => Math.floor((now - at) / DAY)
  if (tokenSince !== null && now - tokenSince > TOKEN_OLD_MS)
    return warn(`The token is ${days(tokenSince)} days old.`, 'Bring a new one: npx hookline rotate token.')
  if (signingChangedAt !== null && now - signingChangedAt > SIGNING_OLD_MS)
    return warn(
      `The signing secret is ${days(signingChangedAt)} days old.`,
      'See that its rotation is switched on in Secrets Manager, or npx hookline rotate signing.',
    )
  if (tokenSince === null && signingChangedAt === null) return skip('How old they are cannot be told from here.')
  const told = [
    ...(tokenSince === null ? [] : [`token ${days(tokenSince)} days`]),
    ...(signingChangedAt === null ? [] : [`signing secret ${days(signingChangedAt)} days`]),
  ]
  return pass(`${told.join(', ')} old; no rotation has failed.`)
}
