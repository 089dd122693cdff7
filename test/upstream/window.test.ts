import { describe, expect, it } from 'vitest'
import { CLICKUP } from '../../core/clickup/provider.ts'
import { leftBy, openWindow, usedOf, type Window } from '../../core/upstream/window.ts'

const START = 1_789_000_000_000
const MINUTE = 60_000
const [spec] = CLICKUP.windows
if (spec === undefined) throw new Error('ClickUp has a window')
const LIMITS = { override: null, known: null }

const window = (over: Partial<Window>): Window => ({ ...openWindow(null, spec, LIMITS, START), ...over })

describe('what a window leaves to the next', () => {
  it('are the calls that may be counted there, for as long as one window can hold them and a call of now', () => {
    const before = window({ leased: 40, late: 7, lateUntil: START + MINUTE })
    const next = openWindow(before, spec, LIMITS, START + MINUTE)
    expect(usedOf(next, START + MINUTE)).toBe(7)
    expect(usedOf(next, START + 2 * MINUTE - 1)).toBe(7)
    expect(usedOf(next, START + 2 * MINUTE)).toBe(0)
    expect(openWindow(before, spec, LIMITS, START + 2 * MINUTE)).toMatchObject({ carried: 0, carriedUntil: 0 })
  })

  it('are those of two windows where the first was so short that some are still on their way', () => {
    const before = window({ late: 3, lateUntil: START + 4_000, carried: 5, carriedUntil: START + 2_500 + MINUTE })
    expect(leftBy(before, spec, START + 2_499)).toEqual({ carried: 8, carriedUntil: START + 4_000 + MINUTE })
    expect(leftBy(before, spec, START + 2_500)).toEqual({ carried: 3, carriedUntil: START + 4_000 + MINUTE })
  })

  it('is what was learnt of the limit, as long as that is believed', () => {
    const before = window({ told: 100, learned: { limit: 60, until: START + 2 * MINUTE } })
    expect(openWindow(before, spec, LIMITS, START + MINUTE)).toMatchObject({ limit: 60, told: 100 })
    expect(openWindow(before, spec, LIMITS, START + 2 * MINUTE)).toMatchObject({ limit: 100, learned: null })
  })

  it('is never its own beginning: two windows that begin in the same moment are two', () => {
    const before = window({ latest: START })
    expect(openWindow(before, spec, LIMITS, START).begun).toBe(START + 1)
  })
})
