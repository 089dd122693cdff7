import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incarnationAt, observe, READ_LAG_MS } from '../../core/tasks/observe.ts'
import type { Observation, Snapshot } from '../../core/tasks/snapshot.ts'

const seen = (observedAt: number, updatedAt: number, name = 'n'): Observation => ({
  kind: 'seen',
  id: 'abc',
  archived: false,
  fields: { name, updatedAt },
  observedAt,
})
const deleted = (observedAt: number): Observation => ({ kind: 'missing', id: 'abc', state: 'deleted', observedAt })
const hidden = (observedAt: number): Observation => ({ kind: 'missing', id: 'abc', state: 'outOfSight', observedAt })

const standing = (...observations: Observation[]): Snapshot | null =>
  observations.reduce<Snapshot | null>((snapshot, each) => observe(snapshot, each) ?? snapshot, null)

describe('a snapshot', () => {
  it('is replaced by a newer state only', () => {
    expect(standing(seen(100, 50, 'old'), seen(90, 60, 'new'))?.name).toBe('new')
    expect(standing(seen(90, 60, 'new'), seen(100, 50, 'old'))?.name).toBe('new')
    expect(standing(seen(100, 50, 'old'), seen(101, 50, 'new'))?.name).toBe('new')
  })

  it('stays deleted against a read that lags, in either order', () => {
    expect(standing(deleted(1000), seen(1000 + READ_LAG_MS, 999))?.state).toBe('deleted')
    expect(standing(seen(1000 + READ_LAG_MS, 999), deleted(1000))?.state).toBe('deleted')
  })

  it('comes back to life by a later read, though a restore moves no date, and counts its lives', () => {
    const restored = standing(seen(500, 400), deleted(1000), seen(1001 + READ_LAG_MS, 400))
    expect(restored).toMatchObject({ state: 'present', incarnation: 1, name: 'n' })
  })

  it('counts the life that a late deletion ended', () => {
    const late = standing(seen(9000, 400), deleted(1000))
    expect(late).toMatchObject({ state: 'present', incarnation: 1 })
    expect(incarnationAt(standing(seen(9000, 400)), 1000)).toBe(0)
    expect(incarnationAt(late, 1000)).toBe(0)
    expect(incarnationAt(late, 20_000)).toBe(1)
  })

  it('that is deleted is not merely out of sight', () => {
    expect(standing(deleted(1000), hidden(2000))?.state).toBe('deleted')
    expect(standing(hidden(2000), deleted(1000))?.state).toBe('deleted')
    expect(standing(seen(1000, 1), hidden(2000))?.state).toBe('outOfSight')
    expect(standing(hidden(2000), seen(1000, 1))?.state).toBe('outOfSight')
  })

  it('that is gone before anybody has seen it lies where it was told to, and elsewhere where it was seen last', () => {
    const told: Observation = { kind: 'missing', id: 'abc', state: 'deleted', observedAt: 9_000, listId: '7' }
    expect(standing(told)).toMatchObject({ state: 'deleted', list: { id: '7', name: null } })
    expect(standing(deleted(9_000))?.list).toBe(null)
    const list = { id: '8', name: 'Eight' }
    const living: Observation = {
      kind: 'seen',
      id: 'abc',
      archived: false,
      fields: { list, createdAt: 1 },
      observedAt: 1_000,
    }
    expect(standing(living, told)).toMatchObject({ state: 'deleted', list })
    const elsewhere: Observation = { ...told, listId: '9' }
    for (const all of [
      [told, elsewhere],
      [elsewhere, told],
      [deleted(9_000), told, elsewhere],
      [elsewhere, deleted(9_000), told],
      [hidden(8_000), elsewhere, told],
    ])
      expect(standing(...all)).toMatchObject({ state: 'deleted', list: { id: '9', name: null } })
  })

  it('says since when it is in sight again', () => {
    expect(standing(seen(1_000, 1), hidden(2_000))?.backAt).toBe(undefined)
    expect(standing(seen(1_000, 1), hidden(2_000), seen(9_000, 1), seen(9_500, 2))?.backAt).toBe(9_000)
  })

  it('ends in the same state, and alive in the same fields, in any order of observations', () => {
    // Observations of one history: what was read at a time is what stood at that time.
    const history = fc
      .record({
        alive: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        deletedAt: fc.option(fc.integer({ min: 41, max: 60 }), { nil: null }),
      })
      .map(({ alive, deletedAt }) => [
        ...alive.map((t) => seen(t * 1000, Math.floor(t / 3) * 3000, `name ${Math.floor(t / 3)}`)),
        ...(deletedAt === null ? [] : [deleted(deletedAt * 1000)]),
      ])
    const both = history.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
    fc.assert(
      fc.property(both, ([inOrder, shuffled]) => {
        const a = standing(...inOrder)
        const b = standing(...shuffled)
        expect(b?.state).toEqual(a?.state)
        // What was read before a deletion and comes after it is not worth a write.
        if (a?.state === 'present') expect(b?.name).toEqual(a.name)
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})
