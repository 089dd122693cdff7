import { expect, it } from 'vitest'
import { playShare } from '../../local/faults/share.ts'
import { pointOf, WHOLE } from './support.ts'

// A few of the points each; all of them are played by `npm run check:faults`.
it.each([
  ['sweep', 600],
  ['backfill', 5_000],
  ['census', 2_000],
])('whatever befalls a call of a %s, it ends as if it had not', async (subject, every) => {
  const shared = await playShare({ ...WHOLE, subject, every })
  expect(shared.findings).toEqual([])
  expect(shared.compared).toBeGreaterThan(0)
})

it('cursor: a sweep that saved before the queue has what it found would lose that', async () => {
  // The first time that it gives itself on: by then nothing of what it has found is sent.
  const saved = await pointOf('sweep', 'cursor', (calls) => {
    const given = calls.findIndex(({ name, target }) => name === 'SendMessage' && target === 'jobs')
    return calls.findLastIndex(({ name, key }, i) => i < given && name === 'PutItem' && key.startsWith('main#sweep'))
  })
  const shared = await playShare({ ...WHOLE, subject: 'sweep', breaks: 'cursor', at: saved, faults: ['diesAfter'] })
  expect(shared).toMatchObject({ compared: 1, findings: [{ again: expect.stringContaining('--break cursor') }] })
})
