import type { Fault } from '../upstream/fault.ts'

/** Why a write was not done, or is not known to have been done; each with a sentence for people. */
export type WriteFault =
  /** It will never be taken as it is. Nothing was changed. */
  | { kind: 'invalid'; reason: string }
  /** There is no such task, or the connection's user may not see it: ClickUp does not tell these apart. */
  | { kind: 'notFound'; reason: string }
  /** There is no token, or it is refused: nothing can be written until somebody mends that. */
  | { kind: 'tokenDead'; reason: string }
  /** Not now: nothing was sent. `until`: when to try again (ms since 1970), where that is known. */
  | { kind: 'later'; reason: string; until: number | null }
  /** It was sent, and nobody knows whether it was done: look before it is sent again. */
  | { kind: 'unknown'; reason: string }

export function writeFaultOf(fault: Fault, taskId: string, sent: boolean): WriteFault {
  switch (fault.kind) {
    case 'gone':
    case 'noAccess':
      return {
        kind: 'notFound',
        reason: `ClickUp shows no task ${taskId} to this connection: check the id, and that its user may see the task.`,
      }
    case 'noToken':
      return {
        kind: 'tokenDead',
        reason:
          fault.reason === null
            ? 'No token is stored: run npx hookline connect.'
            : `The connection's token could not be read from its secret (${fault.reason}): see that the secret is there and may be read.`,
      }
    case 'tokenDead':
      return {
        kind: 'tokenDead',
        reason: `ClickUp refuses the connection's token (${fault.code}): store a new version of its secret.`,
      }
    case 'rateLimited':
      return { kind: 'later', reason: 'The budget of API calls is spent: try again later.', until: fault.until }
    case 'paused':
      return { kind: 'later', reason: 'Hookline is paused: try again after hookline resume.', until: fault.until }
    case 'outOfTime':
      return { kind: 'later', reason: 'Too little time was left to ask ClickUp: try again.', until: null }
    case 'unavailable':
      return sent && fault.until === null
        ? {
            kind: 'unknown',
            reason: `ClickUp did not say whether it was done (${fault.reason}): look before you try again.`,
          }
        : { kind: 'later', reason: `ClickUp cannot be reached (${fault.reason}): try again later.`, until: fault.until }
    case 'invalid':
      return { kind: 'invalid', reason: `ClickUp refuses it: ${fault.reason}.` }
  }
}
