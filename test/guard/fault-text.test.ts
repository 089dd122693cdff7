import { expect, it } from 'vitest'
import { faultText } from '../../core/guard/fault-text.ts'

it.each([
  [{ kind: 'noToken', reason: null }, 'No token is stored: run npx hookline connect.'],
  [
    { kind: 'noToken', reason: 'AccessDeniedException' },
    'The token could not be read from its secret (AccessDeniedException): see that the secret is there and may be read and decrypted.',
  ],
  [
    { kind: 'tokenDead', code: 'OAUTH_025', until: null },
    'ClickUp does not accept the token (OAUTH_025): make a new one in ClickUp (Settings, Apps) and connect again.',
  ],
] as const)('tells %o by what can be done about it', (fault, sentence) => {
  expect(faultText(fault)).toBe(sentence)
})
