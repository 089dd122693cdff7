import type { Subject } from '../subject.ts'
import { promotedOrUnchanged, rotationPlay } from './rotation-stage.ts'
import type { SmallWorkspace } from './sync-stage.ts'

const COMMON = { containers: ['rotate-token '], breaks: {}, judge: promotedOrUnchanged } satisfies Partial<Subject>

/** Another token of the same user. */
export const rotateTokenNew: Subject = {
  ...COMMON,
  name: 'rotate-token-new',
  title: 'a new token is tested and taken into use',
  play: (given) =>
    rotationPlay(given, {
      rotated: 'token',
      prepare: ({ run }) => run.bringToken(run.clickup.issueToken(Number(run.clickup.userId))),
      renewed: (run) => run.token(),
    }),
}

/** Nobody has brought one: the token in use is tested and kept. */
export const rotateTokenKept: Subject = {
  ...COMMON,
  name: 'rotate-token-kept',
  title: 'the token in use is tested',
  play: (given) => rotationPlay(given, { rotated: 'token', renewed: () => null }),
}

/** That of another user, who makes the webhook anew. */
export const rotateTokenTakeover: Subject = {
  ...COMMON,
  name: 'rotate-token-takeover',
  title: 'the token of another user is taken over, with a webhook of that user',
  play: (given) =>
    rotationPlay(given, { rotated: 'token', prepare: bringThatOfAnother, renewed: (run) => run.token() }),
}

function bringThatOfAnother({ run, somebody }: SmallWorkspace): void {
  run.bringToken(run.clickup.issueToken(somebody.userId), { takeover: true })
}
