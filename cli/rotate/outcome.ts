import { Failure } from '../failure.ts'
import { plain } from '../output/text.ts'
import type { Followed } from './follow.ts'
import { CALLED, type Rotating } from './rotating.ts'

/** What `--json` says of how a rotation went; times are ms since 1970. */
export function followedJson(followed: Followed) {
  const report = followed.kind === 'givenUp' ? null : followed.report
  return {
    outcome: followed.kind,
    detail: report?.detail ?? null,
    startedAt: report?.startedAt ?? null,
    endedAt: report === null || report.phase === 'running' ? null : report.at,
  }
}

/**
 * What to do about a rotation that did not come to its end, in a sentence or two; null for one that did.
 * @param failed what is said before its function says why it failed
 */
export function failureOf(
  followed: Followed,
  { connection, rotated, stage }: Rotating,
  failed: string,
): Failure | null {
  const what = `rotation of the ${CALLED[rotated]} of ${connection}`
  const log = `/aws/lambda/hookline-${stage}-rotate-${rotated}`
  switch (followed.kind) {
    case 'done':
      return null
    case 'failed':
      return new Failure(`${failed}. ${plain(followed.report.detail)}`)
    case 'givenUp':
      return new Failure(
        `The ${what} was given up, and its function does not say why: see ${log}, then run this again.`,
      )
    case 'silent':
      return followed.report === null
        ? new Failure(`The ${what} has not begun in 5 minutes: see ${log}, and npx hookline status.`)
        : new Failure(
            `The ${what} has not moved for 5 minutes (${plain(followed.report.detail)}): see ${log}. Run this again to go on watching; what has crashed is given up after 20 minutes.`,
          )
  }
}
