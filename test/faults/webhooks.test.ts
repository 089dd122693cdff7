import { expect, it } from 'vitest'
import type { Seen } from '../../local/faults/calls.ts'
import { playShare } from '../../local/faults/share.ts'
import { pointOf, WHOLE } from './support.ts'

/** Larger than the number of points: one of them. All, and those of the other subjects, are played by `npm run check:faults`. */
const ONE = 1_000_000

it.each([['guard-replaces'], ['rotate-signing-beside']])(
  '%s: whatever befalls a call, webhooks and secrets are sound and no delivery is refused',
  async (subject) => {
    const shared = await playShare({ ...WHOLE, subject, every: ONE })
    expect(shared.findings).toEqual([])
    expect(shared.compared).toBe(1)
  },
)

const promotion = (calls: readonly Seen[]) => calls.findLastIndex(({ name }) => name === 'UpdateSecretVersionStage')

function theNote(calls: readonly Seen[]): number {
  const stored = calls.findIndex(({ name }, i) => i > promotion(calls) && name === 'PutSecretValue')
  return calls.findIndex(({ name, key }, i) => i > stored && name === 'PutItem' && key.startsWith('main#webhooks'))
}

const theLastQuestion = (calls: readonly Seen[]) =>
  calls.findLastIndex(({ name }, i) => i < promotion(calls) && name === 'GET /v2/user')

it.each([
  ['dies between what it has put in force and the note of it', 'diesBefore', theNote],
  ['stands still until its time is over', 'overlaps', theLastQuestion],
] as const)('a takeover whose worker %s leaves no webhook without its key', async (_, fault, find) => {
  const subject = 'rotate-token-takeover'
  const shared = await playShare({ ...WHOLE, subject, faults: [fault], at: await pointOf(subject, null, find) })
  expect(shared).toMatchObject({ compared: 1, findings: [] })
})

it('lock: two guards at once that heed no lock would leave a mess', async () => {
  const read = await pointOf('guard-first', 'lock', (calls) =>
    calls.findIndex(({ service, target }) => service === 'SecretsManager' && target.endsWith('/signing')),
  )
  const shared = await playShare({ ...WHOLE, subject: 'guard-first', breaks: 'lock', at: read, faults: ['overlaps'] })
  expect(shared).toMatchObject({ compared: 1, findings: [{ again: expect.stringContaining('--break lock') }] })
})

it('rare: a webhook that hears of everything before its key is stored would have deliveries refused', async () => {
  const shared = await playShare({ ...WHOLE, subject: 'rotate-signing-beside', breaks: 'rare' })
  const [found] = shared.findings
  expect(found?.wrong).toContain('A webhook delivered whose key was in no slot')
})
