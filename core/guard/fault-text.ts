import type { Fault } from '../upstream/fault.ts'

/** Why ClickUp gave no answer, as a sentence that says what to do. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'tokenDead':
      return `ClickUp does not accept the token (${fault.code}): make a new one in ClickUp (Settings, Apps) and connect again.`
    case 'noToken':
      return fault.reason === null
        ? 'No token is stored: run npx hookline connect.'
        : `The token could not be read from its secret (${fault.reason}): see that the secret is there and may be read and decrypted.`
    case 'rateLimited':
      return `ClickUp's rate limit is used up until ${timeOf(fault.until)}: try again then.`
    case 'noAccess':
    case 'gone':
      return 'ClickUp does not let the token see the workspace: invite its user there, or use the token of another user.'
    case 'unavailable':
      return `ClickUp does not answer (${fault.reason}): try again in a few minutes.`
    case 'invalid':
      return `ClickUp's answer is not what its documentation says (${fault.reason}): see whether there is a newer version.`
    case 'paused':
      return 'Hookline is paused, so ClickUp was not asked: run npx hookline resume first.'
    case 'outOfTime':
      return 'There was no time left to ask ClickUp: try again.'
  }
}

const timeOf = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`
