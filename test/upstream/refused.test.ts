import { describe, expect, it } from 'vitest'
import type { Window } from '../../core/upstream/window.ts'
import type { Testimony } from '../../core/upstream/witness.ts'
import { afterCall, fresh, MINUTE, report, START, told } from './support/one-window.ts'

const HOUR = 60 * MINUTE
const NOW = START + 1_000
const UNTIL = START + MINUTE

const refusal = async (
  before: Window | null,
  over: Partial<Testimony> = {},
  where: Parameters<typeof afterCall>[2] = {},
) => (await afterCall(before, { refusedUntil: UNTIL, ...over }, where)).window

describe('a call that was refused for its rate', () => {
  it('where no window was known opens one in which nothing may be asked', async () => {
    expect(await refusal(null)).toEqual({
      ...fresh(),
      begun: NOW,
      earliest: NOW,
      latest: NOW + 61_000,
      refusedUntil: UNTIL,
    })
  })

  it('has the new window end when its headers say so, with the limit that they tell', async () => {
    const ends = { earliest: START + 40_000, latest: START + 42_000 }
    expect(await refusal(null, { report: report({ limit: 60, remaining: 0, ends }) })).toMatchObject({
      ...{ ...ends, state: 'told', told: 60, limit: 60, refusedUntil: UNTIL },
    })
  })

  it('after a window that is over opens the next one, if nobody else has', async () => {
    const before = told({ leased: 100, limit: 100, late: 7, lateUntil: START + 61_000 })
    const now = START + MINUTE
    const opened = await refusal(before, { refusedUntil: now + MINUTE }, { now })
    expect(opened).toMatchObject({ begun: now, leased: 0, carried: 7, refusedUntil: now + MINUTE })
    expect(await refusal(before, {}, { now, stored: { ...before, late: 8 } })).toBeNull()
  })

  it('ends the window that runs, for as long as the longest wait that was told', async () => {
    expect(await refusal(told({ leased: 4 }))).toEqual(told({ leased: 4, refusedUntil: UNTIL }))
    const longer = told({ leased: 4, refusedUntil: UNTIL + 5 })
    expect(await refusal(longer)).toBeNull()
    expect(await refusal(longer, { refusedUntil: UNTIL + 5 })).toBeNull()
    expect(await refusal(longer, { refusedUntil: UNTIL + 6 })).toMatchObject({ refusedUntil: UNTIL + 6 })
  })

  it('says when the window that runs ends, where its headers do', async () => {
    const ends = { earliest: START + 20_000, latest: START + 22_000 }
    const window = await refusal(fresh({ leased: 4 }), { report: report({ limit: 50, remaining: 0, ends }) })
    expect(window).toMatchObject({ ...ends, state: 'told', told: 50, limit: 50, learned: null })
  })
})

describe('what a refusal teaches of the limit', () => {
  const learnt = async (...given: Parameters<typeof refusal>) => {
    const window = await refusal(...given)
    if (window !== null && window.learned !== null) expect(window.limit).toBe(window.learned.limit)
    return window?.learned ?? null
  }

  it.each([
    ['what was given out less what cannot have been counted', { leased: 60 }, { outstanding: 3 }, 56],
    ['the headers’ count where calls are left', { leased: 80 }, { report: report({ remaining: 40 }) }, 60],
    [
      'no more than was given out, whoever was counted beside',
      { leased: 50 },
      { report: report({ remaining: 40 }) },
      50,
    ],
    ['nothing of headers that say that none is left', { leased: 60 }, { report: report({ remaining: 0 }) }, 59],
    ['the least that is believed, a tenth', { leased: 11 }, {}, 10],
    ['nothing where it would be less', { leased: 10 }, {}, null],
    ['one less than the limit, at most', { leased: 99 }, { report: report({ remaining: 1 }) }, 99],
    ['nothing where all was used that was believed', { leased: 100 }, { outstanding: 5 }, null],
    [
      'nothing where it was used with what the window before has left',
      { leased: 60, carried: 40, carriedUntil: UNTIL },
      {},
      null,
    ],
    ['of a window that is not full with that', { leased: 59, carried: 40, carriedUntil: UNTIL }, {}, 58],
  ])('is %s', async (_, before, over, limit) => {
    expect(await learnt(told(before), over)).toEqual(limit === null ? null : { limit, until: NOW + HOUR })
  })

  it('is a call, where the limit is as low as that', async () => {
    const low = { limits: { override: 3, known: null } }
    expect(await learnt(told({ leased: 2 }), {}, low)).toEqual({ limit: 1, until: NOW + HOUR })
    expect(await learnt(told({ leased: 1 }), {}, low)).toBeNull()
  })

  const once = { leased: 60, refusedUntil: UNTIL, learned: { limit: 56, until: NOW + HOUR - 9 }, limit: 56 }

  it('is less with every further refusal in the same window, and kept when it says nothing new', async () => {
    expect(await learnt(told(once), { outstanding: 2 })).toEqual({ limit: 53, until: NOW + HOUR })
    const later = { refusedUntil: UNTIL + 9 }
    expect(await learnt(told(once), { ...later, report: report({ remaining: 1 }) })).toEqual(once.learned)
    expect(await learnt(told(once), { ...later, outstanding: 56 })).toEqual(once.learned)
  })

  it('is from what was given out in this window, where the one before has taught something', async () => {
    const taught = { learned: { limit: 80, until: NOW + HOUR - 9 }, limit: 80 }
    expect(await learnt(told({ leased: 50, ...taught }), { outstanding: 2 })).toEqual({ limit: 47, until: NOW + HOUR })
    expect(await learnt(told({ leased: 80, ...taught }), { outstanding: 2 })).toEqual(taught.learned)
  })

  it('is from what was given out, where the refusal before has taught nothing', async () => {
    expect(await learnt(told({ leased: 60, refusedUntil: START + 1 }), {})).toEqual({ limit: 59, until: NOW + HOUR })
    expect(await learnt(told({ leased: 100, refusedUntil: START + 1 }), { outstanding: 5 })).toBeNull()
  })
})
