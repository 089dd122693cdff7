import { describe, expect, it } from 'vitest'
import { changeId } from '../../core/ingest/identity.ts'
import type { Recorded } from '../../core/ledger/history.ts'
import { judgeTask } from '../../local/check/judge-task.ts'
import { judgeDeliveries } from '../../local/check/judge-transitions.ts'
import type { Moment } from '../../local/check/witness.ts'
import type { TruthChange } from '../../local/clickup/truth.ts'

const status = (name: string) => ({ name, type: 'custom' })

/** A change of the task's status that really was. */
const truth = (historyId: string, date: number, fate: 'delivered' | 'lost'): TruthChange => ({
  ...{ seq: date, kind: 'item', mutation: 'setStatus', date, actor: 1, historyId, field: 'status' },
  ...{ resource: { kind: 'task', id: 't1' }, events: ['taskUpdated'], before: null, after: null },
  ...{ comment: null, customField: null, incarnation: null },
  deliveries: [{ deliveryId: 'd', webhookId: 'w', event: 'taskUpdated', fate }],
})
const idOf = (historyId: string) =>
  changeId({ resourceKind: 'task', resourceId: 't1', historyId, field: 'status', contentHash: null })

/** A change of it in the ledger. */
const recorded = (after: string, at: number, over: Partial<Recorded> = {}): Recorded => ({
  ...{ id: `own ${at}`, connection: 'main', resource: { kind: 'task', id: 't1' }, field: 'status', customField: null },
  ...{ before: null, after: status(after), at, atEarliest: at, order: String(at), actor: { id: '1', name: null } },
  ...{ origin: 'webhook', receivedAt: at, publishedAt: at, listId: null },
  ...over,
})
const swept = (after: string, atEarliest: number, at: number) =>
  recorded(after, at, { origin: 'sweep', atEarliest, actor: null })

const counts = ({ missing, extra }: { missing: string[]; extra: string[] }) => [missing.length, extra.length]

describe('what was delivered', () => {
  const told = [truth('1', 1_000, 'delivered')]
  const judged = (ledger: Recorded[], changes = told) => counts(judgeDeliveries(changes, ledger).findings)

  it.each([
    ['as it was', [recorded('B', 1_000, { id: idOf('1') })], [0, 0]],
    ['not at all', [], [1, 0]],
    ['by somebody else', [recorded('B', 1_000, { id: idOf('1'), actor: null })], [1, 0]],
    ['at another time', [recorded('B', 1_001, { id: idOf('1') })], [1, 0]],
    ['completing what a sweep had found', [recorded('B', 1_000, { toldBy: idOf('1') })], [0, 0]],
    ['twice', [recorded('B', 1_000, { id: idOf('1') }), recorded('B', 1_000, { toldBy: idOf('1') })], [0, 1]],
    ['with another that never was', [recorded('B', 1_000, { id: idOf('1') }), recorded('C', 2_000)], [0, 1]],
  ])('is in the ledger %s', (_how, ledger, expected) => {
    expect(judged(ledger)).toEqual(expected)
  })

  it('is not said of what was lost', () => {
    expect(judged([recorded('B', 1_000, { id: idOf('1') })], [truth('1', 1_000, 'lost')])).toEqual([0, 1])
  })
})

describe('what was lost', () => {
  /** The status goes from A to B and on to C; what of it was delivered stands in the ledger as itself. */
  function judged(changes: Recorded[], delivered: readonly number[] = []) {
    const steps = [truth('1', 10_000, 'lost'), truth('2', 20_000, 'lost')] as const
    const moments: Moment[] = [
      { at: 0, value: status('A'), told: null },
      { at: 10_000, value: status('B'), told: steps[0] },
      { at: 20_000, value: status('C'), told: steps[1] },
    ]
    const accounted = new Set(steps.filter((_, i) => delivered.includes(i)))
    return judgeTask({
      ...{ id: 't1', moments: new Map([['status', moments]]), changes, accounted, begunAt: 0, isThere: true },
    })
  }

  it.each([
    ['as its net difference', [swept('C', 5_000, 20_000)], [0, 0]],
    ['step by step', [swept('B', 5_000, 12_000), swept('C', 12_000, 20_000)], [0, 0]],
    ['not at all', [], [1, 0]],
    ['in part', [swept('B', 5_000, 12_000)], [1, 0]],
    ['twice', [swept('C', 5_000, 20_000), swept('C', 5_000, 20_000)], [0, 1]],
    ['outside its interval', [swept('C', 5_000, 9_000)], [0, 1]],
    ['as what it never was', [swept('D', 5_000, 20_000)], [1, 1]],
  ])('is in the ledger %s', (_how, changes, expected) => {
    expect(counts(judged(changes))).toEqual(expected)
  })

  it('counts what was passed over as not to be recovered', () => {
    const passedOver = [expect.stringContaining('"name":"B"')]
    expect(judged([recorded('C', 20_000)], [1])).toMatchObject({ missing: [], extra: [], unrecoverable: passedOver })
    expect(judged([swept('C', 5_000, 20_000)])).toMatchObject({ missing: [], extra: [], unrecoverable: passedOver })
  })

  it('is no excuse for a sweep that tells again what was delivered', () => {
    const changes = [recorded('B', 10_000), recorded('C', 20_000), swept('C', 15_000, 21_000)]
    expect(counts(judged(changes, [0, 1]))).toEqual([0, 1])
  })
})
