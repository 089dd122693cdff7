import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { DoctorServices, Patient } from '../services.ts'

const DAY = 86_400_000
/** How old the secrets are, and how their last rotations went. */
export function rotation(
  { status: { rotations } }: Patient,
  { clock, tooOld }: Pick<DoctorServices, 'clock' | 'tooOld'>,
): Said {
  const now = clock.now()
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
  if (tokenSince !== null && now - tokenSince > tooOld.tokenMs)
    return warn(`The token is ${days(tokenSince)} days old.`, 'Bring a new one: npx hookline rotate token.')
  if (signingChangedAt !== null && now - signingChangedAt > tooOld.signingMs)
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
