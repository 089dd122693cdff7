import { describe, expect, it } from 'vitest'
import { afterCall, fresh, MINUTE, report, START, told } from './support/one-window.ts'

const NOW = START + 1_000
const ENDS = report().ends

describe('a call that ends', () => {
  it('says nothing where no window runs', async () => {
    expect(await afterCall(null, { report: report() })).toEqual({ window: null, lent: null })
    expect(
      await afterCall(
        told(),
        { report: report({ ends: { earliest: START + 90_000, latest: START + 92_000 } }) },
        { now: START + MINUTE },
      ),
    ).toEqual({ window: null, lent: null })
  })

  it('with an answer that tells nothing ends the caution at the beginning of a window, and only there', async () => {
    expect((await afterCall(fresh({ leased: 3 }), {})).window).toEqual(fresh({ leased: 3, state: 'untold' }))
    expect((await afterCall(fresh(), { answered: false })).window).toBeNull()
    expect((await afterCall(fresh({ state: 'untold' }), {})).window).toBeNull()
    expect((await afterCall(told(), {})).window).toBeNull()
  })

  it('of a window that has ended meanwhile says nothing, not even that nothing is told', async () => {
    const over = report({ ends: { earliest: NOW, latest: NOW + 2_000 } })
    expect((await afterCall(fresh(), { report: over })).window).toBeNull()
    const ahead = report({ ends: { earliest: NOW + 1, latest: NOW + 2_000 } })
    expect((await afterCall(fresh(), { report: ahead })).window).toMatchObject({ state: 'told', ...ahead.ends })
  })
})

describe('the first header of a window', () => {
  it('says when it ends, and the limit', async () => {
    const { window, lent } = await afterCall(fresh({ leased: 1, late: 1 }), {
      report: report({ limit: 80, remaining: 79 }),
    })
    expect(window).toEqual(fresh({ ...ENDS, state: 'told', leased: 1, late: 0, told: 80, limit: 80 }))
    expect(lent).toBeNull()
  })

  it('leaves the late calls late where the end is near, two graces away', async () => {
    const near = { earliest: NOW + 2_000, latest: NOW + 4_000 }
    expect((await afterCall(fresh({ leased: 1, late: 1 }), { report: report({ ends: near }) })).window?.late).toBe(1)
    const far = { earliest: NOW + 2_001, latest: NOW + 4_001 }
    expect((await afterCall(fresh({ leased: 1, late: 1 }), { report: report({ ends: far }) })).window?.late).toBe(0)
  })

  it('counts the calls of somebody else, and no call of ours that is still to come', async () => {
    const { window } = await afterCall(fresh({ leased: 6 }), { report: report({ remaining: 80 }), atHand: 5 })
    // Twenty were counted and five are to come; six were given out.
    expect(window?.leased).toBe(25)
    expect((await afterCall(fresh({ leased: 30 }), { report: report({ remaining: 80 }) })).window?.leased).toBe(30)
    const carried = { leased: 6, carried: 4, carriedUntil: START + MINUTE }
    expect((await afterCall(fresh(carried), { report: report({ remaining: 80 }) })).window?.leased).toBe(16)
  })

  it('is no news for whoever saw another window', async () => {
    for (const other of [{ begun: START + 1 }, { state: 'untold' as const }, { refusedUntil: START + 9 }]) {
      const stored = fresh({ leased: 1, ...other })
      expect((await afterCall(fresh({ leased: 1 }), { report: report() }, { stored })).window).toBeNull()
    }
    // Others may lease meanwhile, unless somebody else's calls are to be added.
    const more = { stored: fresh({ leased: 2 }) }
    expect((await afterCall(fresh({ leased: 1 }), { report: report() }, more)).window).toMatchObject({
      state: 'told',
      leased: 2,
    })
    expect((await afterCall(fresh({ leased: 1 }), { report: report({ remaining: 80 }) }, more)).window).toBeNull()
  })

  const wish = { lane: 'live' as const, calls: 7 }
  const known = report({ remaining: 90 })

  it('brings the worker what it would reserve next, where the others wait for it already', async () => {
    const { window, lent } = await afterCall(fresh({ leased: 10 }), { report: known, wish })
    expect(window).toMatchObject({ leased: 17, state: 'told' })
    expect(lent).toEqual({ calls: 7, mark: { name: 'minute', begun: START, diesAt: null } })
  })

  it.each([
    ['nobody waits', { leased: 9 }, { report: report({ remaining: 91 }), wish }],
    ['it wants nothing', { leased: 10 }, { report: known, wish: null }],
    [
      'the end is near',
      { leased: 10 },
      { report: report({ remaining: 90, ends: { earliest: NOW + 2_000, latest: NOW + 3_000 } }), wish },
    ],
    [
      'the lane has no room',
      { leased: 50 },
      { report: report({ remaining: 50 }), wish: { lane: 'backfill' as const, calls: 2 } },
    ],
    [
      'its lane is far above its ceiling',
      { leased: 80 },
      { report: report({ remaining: 20 }), wish: { lane: 'backfill' as const, calls: 2 } },
    ],
  ])('brings nothing where %s', async (_, before, over) => {
    const { window, lent } = await afterCall(fresh(before), over)
    expect(lent).toBeNull()
    expect(window).toMatchObject({ state: 'told', leased: before.leased })
  })

  it('brings no more than the lane has room for, beside others who use the token', async () => {
    const before = fresh({ leased: 10, carried: 3, carriedUntil: START + MINUTE })
    const { window, lent } = await afterCall(before, {
      report: report({ remaining: 80 }),
      wish: { lane: 'live', calls: 90 },
    })
    // 95 in all, of which 10 were leased, 3 left by the window before, and 7 are somebody else's.
    expect(lent?.calls).toBe(75)
    expect(window?.leased).toBe(10 + 7 + 75)
  })
})

describe('a later header of a window', () => {
  it('says nothing new as long as all calls are ours and the limit is what it was', async () => {
    expect((await afterCall(told({ leased: 20 }), { report: report({ remaining: 80 }) })).window).toBeNull()
    expect((await afterCall(told({ leased: 20 }), { report: report({ remaining: 90 }) })).window).toBeNull()
    expect(
      (await afterCall(told({ leased: 20 }), { report: report({ limit: 200, remaining: 190 }) })).window,
    ).toBeNull()
  })

  it('lowers what is left by what somebody else has used', async () => {
    const { window } = await afterCall(told({ leased: 20 }), { report: report({ remaining: 75 }), atHand: 1 })
    expect(window).toEqual(told({ leased: 26 }))
  })

  it('lowers the limit', async () => {
    const { window } = await afterCall(told({ leased: 20 }), { report: report({ limit: 60, remaining: 40 }) })
    expect(window).toEqual(told({ leased: 20, told: 60, limit: 60 }))
    const refused = told({ leased: 20, told: null })
    expect((await afterCall(refused, { report: report({ limit: 60, remaining: 40 }) })).window).toMatchObject({
      told: 60,
      limit: 60,
    })
  })

  it('lowers the limit and nothing else, whatever was leased meanwhile', async () => {
    const lower = { report: report({ limit: 60, remaining: 40 }) }
    const more = { stored: told({ leased: 25 }) }
    expect((await afterCall(told({ leased: 20 }), lower, more)).window).toMatchObject({ leased: 25, limit: 60 })
    const fewer = { report: report({ limit: 60, remaining: 50 }) }
    expect((await afterCall(told({ leased: 20 }), fewer)).window).toMatchObject({ leased: 20, limit: 60 })
  })

  it('is of the same window as long as the two can end in the same moment', async () => {
    const ends = (earliest: number, latest: number) => ({
      report: report({ remaining: 80, ends: { earliest, latest } }),
    })
    const before = told({ leased: 20 })
    expect((await afterCall(before, ends(ENDS.latest, ENDS.latest + 2_000))).window).toBeNull()
    expect((await afterCall(before, ends(ENDS.earliest - 2_000, ENDS.earliest))).window).toBeNull()
    expect((await afterCall(before, ends(ENDS.latest + 1, ENDS.latest + 2_000))).window?.begun).toBe(NOW)
    expect((await afterCall(before, ends(ENDS.earliest - 2_000, ENDS.earliest - 1))).window?.begun).toBe(NOW)
  })
})

describe('a header of another window than the one that was believed to run', () => {
  const ends = { earliest: START + 100_000, latest: START + 102_000 }
  const other = report({ limit: 90, remaining: 70, ends })

  it('near its end is the next one: what may be counted there comes along', async () => {
    const before = told({ leased: 60, late: 4, lateUntil: START + 59_000 })
    const now = START + 59_500
    const { window, lent } = await afterCall(before, { report: other, atHand: 1 }, { now })
    expect(window).toMatchObject({ ...ends, begun: now, state: 'told', told: 90, limit: 90, carried: 4 })
    // Twenty were counted, one is to come, four are the late ones of before.
    expect(window).toMatchObject({ leased: 17, late: 0, carriedUntil: START + 59_000 + MINUTE })
    expect(lent).toBeNull()
  })

  it('in its middle keeps all that was given out, because nobody knows what was counted where', async () => {
    const { window } = await afterCall(told({ leased: 18, carried: 5, carriedUntil: START + MINUTE }), {
      report: other,
    })
    expect(window).toMatchObject({
      begun: NOW,
      leased: 0,
      carried: 23,
      carriedUntil: NOW + 62_000,
      told: 90,
      limit: 90,
    })
    const { window: fewer } = await afterCall(told({ leased: 8 }), { report: other })
    expect(fewer).toMatchObject({ leased: 12, carried: 8 })
  })

  it('is not believed by who saw fewer calls than were given out since, except near the end', async () => {
    const before = told({ leased: 18 })
    expect((await afterCall(before, { report: other }, { stored: told({ leased: 19 }) })).window).toBeNull()
    const now = START + 59_500
    expect((await afterCall(before, { report: other }, { now, stored: told({ leased: 19 }) })).window?.begun).toBe(now)
    expect(
      (await afterCall(before, { report: other }, { now, stored: told({ leased: 18, late: 1 }) })).window,
    ).toBeNull()
  })
})
