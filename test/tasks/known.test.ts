import { describe, expect, it } from 'vitest'
import { OMITTED } from '../../core/ledger/cap.ts'
import { account } from '../../core/tasks/account.ts'
import { factsOf } from '../../core/tasks/facts.ts'
import { baseline } from '../../core/tasks/known.ts'
import { AT, change } from '../publish/events.ts'

describe('what is accounted for', () => {
  it('is nothing by a value that was lost on the way; one that was cut is known again by its hash', () => {
    expect(factsOf(change({ after: OMITTED }))).toEqual([])
    const cut = { ...OMITTED, bytes: 70_000, sha256: '00' }
    expect(factsOf(change({ field: 'name', after: cut }))).toMatchObject([{ key: 'name', value: cut }])
  })

  it('is, of two values at one time, the same one in either order, however their keys are ordered', () => {
    const [first, second] = [change({ after: { a: 1, b: 2 } }), change({ after: { b: 1, a: 2 } })]
    const known = (...changes: (typeof first)[]) => account(baseline(new Map()), changes).fields
    expect(known(first, second)).toEqual(known(second, first))
  })

  it('is the latest of each field, in whatever order it comes', () => {
    const [first, second] = [change({ at: AT, after: 'a' }), change({ at: AT + 1, after: 'b' })]
    for (const order of [
      [first, second],
      [second, first],
    ])
      expect(account(baseline(new Map([['status', 'old']])), order).fields['status']).toEqual({
        value: 'b',
        at: AT + 1,
      })
  })

  it('is kept by element where a field has many', () => {
    const added = change({ field: 'assignee_add', before: null, after: { id: '1', name: 'Kim' } })
    const removed = change({ field: 'assignee_rem', before: { id: '2', name: 'Sam' }, after: null })
    expect(account(baseline(new Map()), [added, removed]).fields).toEqual({
      'assignee#1': { value: true, at: AT },
      'assignee#2': { value: false, at: AT },
    })
  })

  it('is suspect no more, and is new when it comes again', () => {
    const seen = { value: 'done', seenAt: AT, openSince: AT }
    const known = {
      ...baseline(new Map([['status', 'open']])),
      suspects: { status: seen, name: { ...seen, value: 'x' } },
    }
    const told = account(known, [change({ at: AT, after: 'done' })])
    expect(told.suspects).toEqual({ name: { ...seen, value: 'x' } })
    // Another value of the field explains nothing of it.
    expect(account(known, [change({ at: AT, after: 'begun' })]).suspects).toEqual(known.suspects)
  })

  it('does not touch what waits in the outbox', () => {
    const waiting = change({ id: 'w'.repeat(64) })
    const known = { ...baseline(new Map()), outbox: [waiting] }
    expect(account(known, [change()])).toMatchObject({ version: 1, outbox: [waiting] })
  })
})
