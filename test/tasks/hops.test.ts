import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../core/ledger/change.ts'
import { account } from '../../core/tasks/account.ts'
import { baseline, type Known } from '../../core/tasks/known.ts'

const SEED = 20_261
const VALUES = ['to do', 'in progress', 'review', 'done']

const status = (name: string) => ({ name, type: 'custom' })

/** A status change as a delivery tells it. */
const told = (before: string, after: string, at: number): Change => ({
  id: `${at}`,
  connection: 'main',
  resource: { kind: 'task', id: 't' },
  field: 'status',
  customField: null,
  before: status(before),
  after: status(after),
  at,
  atEarliest: at,
  order: String(at),
  actor: null,
  origin: 'webhook',
  receivedAt: at,
  listId: null,
})

const start: Known = { ...baseline(new Map([['status', status('to do')]])), begunAt: 0 }
const hopsOf = (known: Known) => known.hops.map(({ was, value, from, to }) => ({ was, value, from, to }))
const accountAll = (changes: readonly Change[]) => changes.reduce((known, change) => account(known, [change]), start)

describe('hops', () => {
  it('are what a delivered change says was there before and nobody has told of', () => {
    const known = accountAll([told('in progress', 'review', 20)])
    expect(hopsOf(known)).toEqual([{ was: status('to do'), value: status('in progress'), from: 0, to: 20 }])
  })

  it('close when what was missing comes late, however many pieces it has', () => {
    const late = [told('to do', 'in progress', 10), told('in progress', 'review', 20), told('review', 'done', 30)]
    expect(hopsOf(accountAll([told('done', 'to do', 40), ...late]))).toEqual([])
    expect(hopsOf(accountAll([told('done', 'to do', 40), ...late.toReversed()]))).toEqual([])
  })

  it('leave what is still missing on either side of what comes late', () => {
    const known = accountAll([told('done', 'to do', 40), told('in progress', 'review', 20)])
    expect(hopsOf(known).sort((a, b) => a.from - b.from)).toEqual([
      { was: status('to do'), value: status('in progress'), from: 0, to: 20 },
      { was: status('review'), value: status('done'), from: 20, to: 40 },
    ])
  })

  it('make none of what a sweep has found, nor of fields that are told one way', () => {
    expect(hopsOf(accountAll([{ ...told('review', 'done', 20), origin: 'sweep' }]))).toEqual([])
    expect(hopsOf(accountAll([{ ...told('review', 'done', 20), field: 'assignee_add' }]))).toEqual([])
  })

  it('are none of a baseline that may have been read after the change', () => {
    const read = { ...start, fields: { status: { value: status('done'), at: 0 } }, begunAt: 20 }
    expect(hopsOf(account(read, [told('to do', 'review', 10)]))).toEqual([])
    expect(hopsOf(account(read, [told('review', 'done', 20)]))).toEqual([])
    expect(hopsOf(account({ ...read, begunAt: null }, [told('review', 'to do', 30)]))).toEqual([])
    expect(hopsOf(account(read, [told('review', 'to do', 30)]))).toEqual([
      { was: status('done'), value: status('review'), from: 20, to: 30 },
    ])
  })

  it('told in the order in which they happened, are exactly the gaps between what was delivered', () => {
    const histories = fc.array(fc.record({ to: fc.constantFrom(...VALUES), delivered: fc.boolean() }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(histories, (history) => {
        let value = 'to do'
        const changes = history.map(({ to, delivered }, i) => {
          const change = { change: told(value, to, (i + 1) * 10), delivered }
          value = to
          return change
        })
        const delivered = changes.filter((each) => each.delivered).map(({ change }) => change)
        const gaps = delivered.flatMap((change, i) => {
          const was = delivered[i - 1]?.after ?? status('to do')
          const isGap = JSON.stringify(was) !== JSON.stringify(change.before)
          return isGap ? [{ was, value: change.before, from: delivered[i - 1]?.at ?? 0, to: change.at }] : []
        })
        expect(hopsOf(accountAll(delivered))).toEqual(gaps)
        expect(hopsOf(account(start, delivered.toReversed()))).toEqual(gaps)
      }),
      { seed: SEED },
    )
  })

  it('are gone when everything has come, in whatever order', () => {
    const arbitrary = fc.array(fc.constantFrom(...VALUES), { maxLength: 8 }).chain((values) => {
      const changes = values.map((to, i) => told(values[i - 1] ?? 'to do', to, (i + 1) * 10))
      return fc.shuffledSubarray(changes, { minLength: changes.length })
    })
    fc.assert(
      fc.property(arbitrary, (changes) => {
        expect(hopsOf(accountAll(changes))).toEqual([])
      }),
      { seed: SEED },
    )
  })
})
