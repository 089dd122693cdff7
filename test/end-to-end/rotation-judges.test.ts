import { describe, expect, it } from 'vitest'
import type { Gap } from '../../core/sync/gaps.ts'
import type { LogContent, LogEntry } from '../../local/clickup/log-entry.ts'
import type { Heard, TruthChange } from '../../local/clickup/truth.ts'
import { judgeAnswers } from '../../local/rotation/judge-answers.ts'
import { judgeGaps, lossesOf } from '../../local/rotation/judge-gaps.ts'
import { judgeRotations, type Rotated, type Standing } from '../../local/rotation/judge-rotations.ts'
import { judgeProbes } from '../../local/rotation/probe.ts'
import { SHORT, type Way, WHOLE, waysOf } from '../../local/rotation/settings.ts'
import type { SeenWebhook } from '../../local/rotation/webhooks-seen.ts'

const webhook = (id: string, slot: 'a' | 'b', seenFrom: number, goneAt: number | null): SeenWebhook => ({
  ...{ id, slot, url: `http://127.0.0.1/${slot}`, secret: `secret of ${id}`, seenFrom, goneAt },
})
const OLD = webhook('w1', 'a', 1_000, 9_000)
const FRESH = webhook('w2', 'b', 5_000, null)

describe('the answers', () => {
  /** A delivery to a webhook, and what its tries came to. */
  const delivered = (id: string, webhookId: string, ...statuses: (number | null)[]): LogContent[] => [
    {
      ...{ kind: 'delivery', deliveryId: id, webhookId, event: 'taskUpdated', resource: { kind: 'task', id: 't' } },
      ...{ historyIds: [], copy: 1, lost: false, delayMs: 0 },
    },
    ...statuses.map((status, i): LogContent => {
      const problem = status === null ? 'timeout' : null
      return { kind: 'attempt', deliveryId: id, attempt: i + 1, status, problem, latencyMs: 10 }
    }),
  ]
  const judged = (...contents: LogContent[][]) => {
    const entries = contents.flat().map((content, seq): LogEntry => ({ seq, at: seq, ...content }))
    return judgeAnswers(entries, [OLD, FRESH])
  }
  const well = [delivered('d1', 'w1', 200), delivered('d2', 'w2', 200)]

  it('are faultless when each secret has verified and nothing was refused', () => {
    expect(judged(...well)).toMatchObject({ faults: [], requests: 2, refused: 0, secrets: 2 })
  })

  it.each([
    ['refused, though accepted at the next try', delivered('d3', 'w1', 403, 200), /^403 to 1 requests .* slot a/],
    ['left without an answer', delivered('d3', 'w2', null), /^no answer \(timeout\) to 1 requests .* slot b/],
    ['answered by an error', delivered('d3', 'w2', 500), /^500 to 1 requests .* slot b/],
    ['from a webhook that nobody knows', delivered('d3', 'w3', 200), /^nobody has seen/],
  ])('show a delivery that was %s', (_what, more, fault) => {
    expect(judged(...well, more).faults).toEqual([expect.stringMatching(fault)])
  })

  it('show a secret that has verified nothing', () => {
    expect(judged(delivered('d1', 'w1', 200))).toMatchObject({
      faults: [expect.stringMatching(/^no request verified by the secret of the webhook of slot b/)],
      secrets: 1,
    })
  })
})

describe('the gaps', () => {
  const gap = (over: Partial<Gap> = {}): Gap => ({
    ...{ id: 'g', cause: 'rotation', from: 10_000, to: 12_000, detail: 'There was no webhook.', givenUp: null },
    ...{ repaired: { tasks: 0, changes: 0, timeEntries: 0, places: 0 }, sweptAt: 13_000 },
    ...over,
  })
  const lost = (date: number): TruthChange => ({
    ...{ seq: date, kind: 'item', mutation: 'setStatus', date, actor: 1, historyId: 'h', field: 'status' },
    ...{ resource: { kind: 'task', id: 't1' }, events: ['taskUpdated'], before: null, after: null },
    ...{ comment: null, customField: null, incarnation: null, deliveries: [] },
  })

  it('are faultless when all that nobody was told of lies in one', () => {
    expect(judgeGaps(lossesOf([lost(10_000), lost(12_000)], []), [gap()], 1)).toEqual([])
    expect(judgeGaps([], [], 0)).toEqual([])
  })

  it('hold what happened before and was dropped in one, and nothing that was dropped for another reason', () => {
    const deliveries: Heard[] = [{ deliveryId: 'd', webhookId: 'w', event: 'taskUpdated', fate: 'dropped' }]
    const dropped = (reason: 'deleted' | 'tries'): LogEntry[] => [
      { seq: 1, at: 10_500, kind: 'dropped', deliveryId: 'd', reason },
    ]
    const change = { ...lost(9_000), deliveries }
    expect(judgeGaps(lossesOf([change], dropped('deleted')), [gap()], 1)).toEqual([])
    expect(judgeGaps(lossesOf([change], dropped('tries')), [gap()], 1)).toHaveLength(1)
    expect(lossesOf([{ ...change, kind: 'silent' }], [])).toEqual([])
  })

  it('go by when something happened, which its date need not tell', () => {
    const edited = lost(1_000)
    const happened: LogEntry = {
      ...{ seq: 1, at: 11_000, kind: 'mutation', name: 'editComment', actor: 1, via: 'app', changes: [edited] },
    }
    expect(judgeGaps(lossesOf([edited], [happened]), [gap()], 1)).toEqual([])
  })

  it.each<[string, TruthChange[], Gap[], number]>([
    ['a change before it', [lost(9_000)], [gap()], 1],
    ['a change after it', [lost(13_000)], [gap()], 1],
    ['a change and no gap', [lost(10_000)], [], 0],
    ['one that is not shown', [], [], 1],
    ['one too many', [], [gap()], 0],
    ['one that has not ended', [], [gap({ to: null, sweptAt: null })], 1],
    ['one that was not swept', [], [gap({ sweptAt: null })], 1],
    ['one of another cause', [], [gap(), gap({ cause: 'failing' })], 1],
  ])('show %s', (_what, changes, gaps, expected) => {
    expect(judgeGaps(lossesOf(changes, []), gaps, expected)).toHaveLength(1)
  })
})

describe('retired secrets', () => {
  const retired = { webhook: OLD, isOver: true, statuses: [403, 403] }
  const inForce = { webhook: FRESH, isOver: false, statuses: [200, 200] }

  it('are refused, and the one in force is not', () => {
    expect(judgeProbes([retired, inForce])).toEqual([])
  })

  it.each([
    ['one that somebody still accepts', [{ ...retired, statuses: [403, 200] }, inForce]],
    ['one that is answered by an error', [{ ...retired, statuses: [500, 403] }, inForce]],
    ['one in force that somebody refuses', [retired, { ...inForce, statuses: [200, 403] }]],
    ['that none was tried', [inForce]],
    ['that the one in force was not tried', [retired]],
  ])('show %s', (_what, probes) => {
    expect(judgeProbes(probes)).toHaveLength(1)
  })
})

describe('the rotations', () => {
  const done = { run: 'r1', phase: 'done', detail: 'The new webhook is active.', isPromoted: true } as const
  const beside: Rotated = { way: 'beside', ended: done }
  const slot = { webhookId: 'w2', secret: FRESH.secret, state: 'active' } as const
  const standing: Standing = {
    webhooks: [{ id: 'w2', secret: FRESH.secret, status: 'active', failCount: 0 }],
    signing: { v: 1, slots: { b: slot } },
    labels: new Map([
      ['r1', ['AWSCURRENT', 'AWSPENDING']],
      ['r0', ['AWSPREVIOUS']],
    ]),
  }
  const judged = (given: { rotated?: Rotated; expected?: Way[]; seen?: SeenWebhook[]; standing?: Partial<Standing> }) =>
    judgeRotations([given.rotated ?? beside], given.expected ?? ['beside'], given.seen ?? [OLD, FRESH], {
      ...standing,
      ...given.standing,
    })

  it('are faultless when they are promoted and nothing is left over', () => {
    expect(judged({})).toEqual([])
    const instead = { rotated: { way: 'instead', ended: done }, seen: [{ ...OLD, goneAt: 5_000 }, FRESH] } as const
    expect(judged({ ...instead, seen: [...instead.seen], expected: ['instead'] })).toEqual([])
    expect(judged({ standing: { labels: new Map([['r2', ['AWSCURRENT']]]) } })).toEqual([])
  })

  it.each<[string, Parameters<typeof judged>[0], RegExp]>([
    ['one that has not ended', { rotated: { way: 'beside', ended: null } }, /has not ended$/],
    [
      'one that has failed',
      { rotated: { way: 'beside', ended: { ...done, phase: 'failed', isPromoted: false } } },
      /has failed: The new/,
    ],
    [
      'one that was not promoted',
      { rotated: { way: 'beside', ended: { ...done, isPromoted: false } } },
      /was not promoted$/,
    ],
    ['one that went the other way', { seen: [{ ...OLD, goneAt: 4_000 }, FRESH] }, /did not stand together$/],
    [
      'one with more webhooks than needed',
      { seen: [OLD, FRESH, webhook('w3', 'a', 9_500, 9_600)] },
      /^there were 3 webhooks/,
    ],
    [
      'that one is missing',
      { expected: ['beside', 'beside'], seen: [OLD, FRESH, webhook('w3', 'a', 9_500, 9_600)] },
      /^1 rotations were begun/,
    ],
    [
      'two webhooks at the end',
      { standing: { webhooks: [...standing.webhooks, ...standing.webhooks] } },
      /^2 webhooks stand/,
    ],
    [
      'one that is failing',
      { standing: { webhooks: [{ id: 'w2', secret: 's', status: 'failing', failCount: 3 }] } },
      /^the webhook is failing after 3/,
    ],
    [
      'a slot that is left over',
      { standing: { signing: { v: 1, slots: { a: slot, b: slot } } } },
      /^2 slots have a secret/,
    ],
    [
      'a secret that is not the webhook’s',
      { standing: { signing: { v: 1, slots: { b: { ...slot, secret: 's' } } } } },
      /^the secret that is stored is not/,
    ],
    [
      'a slot that was not promoted',
      { standing: { signing: { v: 1, slots: { b: { ...slot, state: 'pending' } } } } },
      /^the secret that is stored is not/,
    ],
    [
      'AWSPENDING where it must not be',
      {
        standing: {
          labels: new Map([
            ['r1', ['AWSCURRENT']],
            ['r0', ['AWSPENDING']],
          ]),
        },
      },
      /^AWSPENDING is on another version/,
    ],
  ])('show %s', (_what, given, fault) => {
    expect(judged(given)).toContainEqual(expect.stringMatching(fault))
  })
})

it('go both ways, in an order that the seed decides', () => {
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => waysOf(WHOLE, seed).join()))
  expect(orders).toEqual(new Set(['beside,beside,instead', 'beside,instead,beside', 'instead,beside,beside']))
  expect(waysOf(WHOLE, 7)).toEqual(waysOf(WHOLE, 7))
  expect(waysOf(SHORT, 7).toSorted()).toEqual(['beside', 'instead'])
})
