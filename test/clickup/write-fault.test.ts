import { describe, expect, it } from 'vitest'
import { type WriteFault, writeFaultOf } from '../../core/clickup/write-fault.ts'
import type { Fault } from '../../core/upstream/fault.ts'

const UNTIL = 1_789_000_060_000
const shows = 'ClickUp shows no task 86abc to this connection: check the id, and that its user may see the task.'

/** Every fault, and what it means for a write that was not sent and for one that was. */
const FAULTS: [fault: Fault, unsent: WriteFault, sent: WriteFault | 'the same'][] = [
  [{ kind: 'gone' }, { kind: 'notFound', reason: shows }, 'the same'],
  [{ kind: 'noAccess' }, { kind: 'notFound', reason: shows }, 'the same'],
  [
    { kind: 'tokenDead', code: 'OAUTH_025', until: null },
    {
      kind: 'tokenDead',
      reason: "ClickUp refuses the connection's token (OAUTH_025): store a new version of its secret.",
    },
    'the same',
  ],
  [
    { kind: 'noToken', reason: null },
    { kind: 'tokenDead', reason: 'No token is stored: run npx hookline connect.' },
    'the same',
  ],
  [
    { kind: 'noToken', reason: 'AccessDeniedException' },
    {
      kind: 'tokenDead',
      reason:
        "The connection's token could not be read from its secret (AccessDeniedException): see that the secret is there and may be read.",
    },
    'the same',
  ],
  [
    { kind: 'rateLimited', until: UNTIL },
    { kind: 'later', reason: 'The budget of API calls is spent: try again later.', until: UNTIL },
    'the same',
  ],
  [
    { kind: 'paused', until: UNTIL },
    { kind: 'later', reason: 'Hookline is paused: try again after hookline resume.', until: UNTIL },
    'the same',
  ],
  [
    { kind: 'outOfTime' },
    { kind: 'later', reason: 'Too little time was left to ask ClickUp: try again.', until: null },
    'the same',
  ],
  [
    { kind: 'unavailable', reason: 'timeout', until: null },
    { kind: 'later', reason: 'ClickUp cannot be reached (timeout): try again later.', until: null },
    { kind: 'unknown', reason: 'ClickUp did not say whether it was done (timeout): look before you try again.' },
  ],
  [
    // The breaker is open, so nothing has left this machine.
    { kind: 'unavailable', reason: 'down', until: UNTIL },
    { kind: 'later', reason: 'ClickUp cannot be reached (down): try again later.', until: UNTIL },
    'the same',
  ],
  [
    { kind: 'invalid', reason: '400 FIELD_011 Value is not valid' },
    { kind: 'invalid', reason: 'ClickUp refuses it: 400 FIELD_011 Value is not valid.' },
    'the same',
  ],
]

describe('a write that failed', () => {
  it.each(FAULTS)('by %j says what to do next', (fault, unsent, sent) => {
    expect(writeFaultOf(fault, '86abc', false)).toEqual(unsent)
    expect(writeFaultOf(fault, '86abc', true)).toEqual(sent === 'the same' ? unsent : sent)
  })
})
