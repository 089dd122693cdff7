import { describe, expect, it } from 'vitest'
import type { Seen } from '../../local/faults/calls.ts'
import { play, UNDISTURBED } from '../../local/faults/matrix.ts'
import { isFaultless } from '../../local/faults/report.ts'
import { playShare, type Share } from '../../local/faults/share.ts'
import { consumerStorm } from '../../local/faults/subjects/consumer-storm.ts'

const WHOLE: Share = {
  ...{ subject: '', seed: 1, breaks: null, faults: [], at: null, every: 1, random: 0, part: 0, parts: 1 },
}

describe('whatever befalls a call of the consumer', () => {
  // A few of the points each; all of them are played by `npm run check:faults`.
  it.each([
    ['consumer-live', 260],
    ['consumer-storm', 130],
    ['consumer-waits', 500],
    ['consumer-found', 130],
  ])('%s ends as if it had not', async (subject, every) => {
    const shared = await playShare({ ...WHOLE, subject, every })
    expect(shared.findings).toEqual([])
    expect(shared.compared).toBeGreaterThan(3)
  })

  it('whatever befalls several of its calls, too', async () => {
    const shared = await playShare({ ...WHOLE, subject: 'consumer-storm', random: 4 })
    expect(shared.findings).toEqual([])
    expect(shared.compared).toBeGreaterThan(0)
  })
})

const { calls } = await play({ subject: consumerStorm, seed: 1 }, UNDISTURBED)

/** How a change ends: published, accounted for, complete. Whoever dies between two of them must have done what comes first. */
const isEnd = {
  'told to the bus': ({ name }: Seen) => name === 'PutEvents',
  'accounted for': ({ name, key }: Seen) => name === 'PutItem' && key.endsWith(' known'),
  'complete in the ledger': ({ name, target }: Seen) => name === 'PutItem' && target === 'ledger',
}

describe('a worker that dies before a change is', () => {
  it.each(Object.entries(isEnd))('%s leaves all of it to be done again', async (_what, isIt) => {
    const last = { at: calls.findLastIndex(isIt), faults: ['diesBefore'] }
    const shared = await playShare({ ...WHOLE, subject: 'consumer-storm', ...last })
    expect(shared).toMatchObject({ compared: 1, findings: [] })
  })
})

describe('it shows that', () => {
  const place = (isIt: (call: Seen) => boolean) => calls.find(isIt)?.index ?? -1
  const claim = place(({ name, target }) => name === 'PutItem' && target === 'ledger')
  const published = place(({ name }) => name === 'PutEvents')
  const completed = calls.findIndex(({ name, target }, i) => i > published && name === 'PutItem' && target === 'ledger')
  // Whose twin is in the same batch, so that nobody else tells of it.
  const last = calls.findLastIndex(({ name, target }) => name === 'PutItem' && target === 'ledger')

  it.each([
    ['complete-first', completed, 'diesAfter'],
    ['lease', claim, 'diesAfter'],
    ['conditions', claim, 'overlaps'],
    ['forget-failed', last, 'timesOut'],
  ])('%s would break a promise', async (breaks, at, fault) => {
    const shared = await playShare({ ...WHOLE, subject: 'consumer-storm', breaks, at, faults: [fault] })
    expect(shared).toMatchObject({ compared: 1, findings: [{ again: expect.stringContaining(`--at ${at}`) }] })
    expect(isFaultless({ seed: 1, breaks, subjects: [shared], seconds: 0 })).toBe(false)
  })
})
