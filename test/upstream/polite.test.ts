import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { CLICKUP } from '../../core/clickup/provider.ts'
import type { Call } from '../../core/upstream/call.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import type { Ended } from '../../core/upstream/passage.ts'
import { createPolite, type PoliteServices } from '../../core/upstream/polite.ts'
import { openGate } from '../support/gate.ts'
import { answer } from '../support/upstream.ts'

const NOW = 1_789_000_000_000
const ADDRESS = 'http://provider.test/'
const DOWN = () => answer(503, {})
const FINE = () => answer(200, {})

/** A client before a provider that gives these answers in turn; a call takes `tookMs` of a time that is ours. */
function client(
  answers: (() => Response | Promise<Response>)[],
  over: Partial<PoliteServices> & { tookMs?: number } = {},
) {
  const clock = { time: NOW, now: () => clock.time }
  const pauses: number[] = []
  const timeouts: number[] = []
  const left: Ended[] = []
  const calls: Call[] = []
  let asked = 0
  const gate: Gate = { ...openGate, leave: async (call) => void left.push(call) }
  const polite = createPolite(CLICKUP, {
    token: async () => ({ token: 't', version: '1' }),
    fetch: async () => {
      asked += 1
      clock.time += over.tookMs ?? 0
      return (answers[asked - 1] ?? FINE)()
    },
    timeout: (ms) => {
      timeouts.push(ms)
      return new AbortController().signal
    },
    clock,
    random: () => 1,
    sleep: async (ms) => {
      pauses.push(ms)
      clock.time += ms
    },
    gate,
    lane: 'live',
    onCall: (call) => void calls.push(call),
    ...over,
  })
  return {
    polite,
    clock,
    pauses,
    timeouts,
    left,
    calls,
    asked: () => asked,
    read: () => polite.get(ADDRESS, z.unknown()),
  }
}

describe('a read of a provider that is unavailable', () => {
  it('is repeated twice at most, after longer and longer pauses', async () => {
    const { read, pauses, asked } = client([DOWN, DOWN, DOWN])
    expect(await read()).toMatchObject({ kind: 'unavailable', until: null })
    expect(asked()).toBe(3)
    expect(pauses).toEqual([250, 500])
  })

  it('pauses for any time up to that, so that nobody comes together', async () => {
    const { read, pauses } = client([DOWN, DOWN], { random: () => 0.1 })
    expect(await read()).toMatchObject({ kind: 'ok' })
    expect(pauses).toEqual([25, 50])
  })

  it('passes the gate each time', async () => {
    let entered = 0
    const gate: Gate = {
      ...openGate,
      async enter() {
        entered += 1
        if (entered === 1) return { kind: 'granted', probe: false }
        return { kind: 'blocked', why: 'down', until: NOW + 15_000, since: NOW }
      },
    }
    const { read, asked } = client([DOWN, DOWN], { gate })
    expect(await read()).toEqual({
      ...{ kind: 'unavailable', reason: `not asked: down since ${new Date(NOW).toISOString()}`, until: NOW + 15_000 },
    })
    expect(asked()).toBe(1)
  })

  it.each<[string, (() => Response)[], Partial<PoliteServices>]>([
    ['what is not there', [() => answer(404, { ECODE: 'ITEM_013' })], {}],
    ['what may not be seen', [() => answer(401, { ECODE: 'OAUTH_027' })], {}],
    ['a refusal for the rate', [() => answer(429, {})], {}],
    ['an invalid answer', [() => answer(400, { ECODE: 'INPUT_003' })], {}],
    ['a probe', [DOWN], { gate: { ...openGate, enter: async () => ({ kind: 'granted', probe: true }) } }],
    ['a time-out of our own', [DOWN], { timeout: () => AbortSignal.abort(), fetch: () => Promise.reject(new Error()) }],
  ])('is not repeated after %s', async (_, answers, over) => {
    const { read, pauses } = client(answers, over)
    expect(await read()).not.toMatchObject({ kind: 'ok' })
    expect(pauses).toEqual([])
  })

  it('is never repeated when it is none: a write may have happened', async () => {
    const { polite, asked } = client([DOWN])
    expect(await polite.send('POST', ADDRESS, {}, z.unknown())).toMatchObject({ kind: 'unavailable' })
    expect(asked()).toBe(1)
  })
})

describe('a deadline', () => {
  it('bounds every call', async () => {
    const { read, timeouts } = client([DOWN], { deadline: () => NOW + 4_000 })
    await read()
    expect(timeouts).toEqual([4_000, 3_750])
    const far = client([FINE], { deadline: () => NOW + 60_000 })
    await far.read()
    expect(far.timeouts).toEqual([10_000])
    const none = client([FINE])
    await none.read()
    expect(none.timeouts).toEqual([10_000])
  })

  it('lets no call begin with less than two seconds left', async () => {
    const { read, asked, left, calls } = client([], { deadline: () => NOW + 1_999 })
    expect(await read()).toEqual({ kind: 'outOfTime' })
    expect({ asked: asked(), left, calls }).toEqual({ asked: 0, left: [], calls: [] })
  })

  it('counts what the gate takes, and lets the gate know that nothing was called', async () => {
    const left: Ended[] = []
    const slow: Gate = {
      ...openGate,
      async enter() {
        clock.time += 100
        return { kind: 'granted', probe: false }
      },
      leave: async (call) => void left.push(call),
    }
    const { read, clock, asked } = client([], { deadline: () => NOW + 2_050, gate: slow })
    expect(await read()).toEqual({ kind: 'outOfTime' })
    expect(asked()).toBe(0)
    expect(left).toMatchObject([{ ended: 'outOfTime' }])
  })

  it('lets no read be repeated that could not be made', async () => {
    const { read, asked } = client([DOWN, FINE], { deadline: () => NOW + 2_500, tookMs: 300 })
    expect(await read()).toMatchObject({ kind: 'unavailable' })
    expect(asked()).toBe(1)
  })
})

describe('the gate', () => {
  it.each([
    ['spent', { kind: 'rateLimited', until: NOW + 9 }],
    ['down', { kind: 'unavailable', until: NOW + 9 }],
    ['tokenDead', { kind: 'tokenDead', until: NOW + 9 }],
  ] as const)('that is shut because it is %s makes a fault and no call', async (why, fault) => {
    const blocked = { kind: 'blocked', why, until: NOW + 9, since: NOW - 9 } as const
    const gate: Gate = {
      ...openGate,
      enter: async () => blocked,
      look: async () => blocked,
      reserve: async () => blocked,
    }
    const { polite, read, asked, calls } = client([], { gate })
    expect(await read()).toMatchObject(fault)
    expect(await polite.look()).toEqual(blocked)
    expect(await polite.reserve(3)).toEqual(blocked)
    expect({ asked: asked(), calls }).toEqual({ asked: 0, calls: [] })
  })

  it('that is shut for a refused token only is passed with a newer one, where there is one', async () => {
    const entered: string[] = []
    const dead = { kind: 'blocked', why: 'tokenDead', until: NOW + 9, since: NOW } as const
    const gate: Gate = {
      ...openGate,
      look: async (_lane, version) => (version === '1' ? dead : { kind: 'free', calls: 1, limit: 100 }),
      async enter(_lane, version) {
        entered.push(version)
        return version === '1' ? dead : { kind: 'granted', probe: true }
      },
    }
    const token = async (renew?: 'renew') => ({ token: 't', version: renew ? '2' : '1' })
    const { polite, read } = client([FINE], { gate, token })
    expect(await polite.look()).toMatchObject({ kind: 'free', calls: 1 })
    expect(await read()).toMatchObject({ kind: 'ok' })
    expect(entered).toEqual(['1', '2'])
    const old = client([], { gate })
    expect(await old.polite.look()).toEqual(dead)
    expect(await old.read()).toMatchObject({ kind: 'tokenDead', until: NOW + 9 })
  })

  it('is told how a call ended: what its headers said, and whose token it was', async () => {
    const headers = {
      ...{ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(NOW / 1000 + 9) },
      date: new Date(NOW).toUTCString(),
    }
    const { read, left } = client([() => answer(429, {}, headers)])
    expect(await read()).toEqual({ kind: 'rateLimited', until: NOW + 9_000 })
    expect(left).toMatchObject([
      {
        ...{ ended: 'rateLimited', credential: '1', probe: false, superseded: false, retryAt: NOW + 9_000 },
        told: { reports: [{ window: 'minute', limit: 100, remaining: 7, ends: { latest: NOW + 9_000 } }] },
      },
    ])
  })

  it('is told that a token was refused only once it is known whether there is another', async () => {
    const versions = ['1', '2', '2']
    const token = async () => ({ token: 't', version: versions.shift() ?? '2' })
    const DEAD = () => answer(401, { ECODE: 'OAUTH_025' })
    const { read, left } = client([DEAD, DEAD], { token })
    expect(await read()).toMatchObject({ kind: 'tokenDead', code: 'OAUTH_025' })
    expect(left.map(({ credential, superseded, code }) => [credential, superseded, code])).toEqual([
      ['1', true, 'OAUTH_025'],
      ['2', false, 'OAUTH_025'],
    ])
  })
})

describe('headers that cannot be right', () => {
  const absurd = { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '-4', 'x-ratelimit-reset': 'never' }

  it('are ignored and counted', async () => {
    const { read, calls, left } = client([() => answer(200, {}, absurd), FINE])
    await read()
    expect(calls).toMatchObject([{ outcome: 'ok', ignoredHeaders: 3, remaining: null, limit: null }])
    expect(left[0]?.told.reports).toEqual([])
    await read()
    expect(calls[1]).toMatchObject({ outcome: 'ok', ignoredHeaders: 3 })
  })

  it('are nobody’s fault where somebody else answers', async () => {
    const { read, calls } = client([DOWN, DOWN, () => new Response('<html>')])
    await read()
    expect(calls.map(({ ignoredHeaders }) => ignoredHeaders)).toEqual([0, 0, 0])
  })
})

describe('what is told of a call', () => {
  const reset = String(NOW / 1_000 + 30)
  const rates = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': reset }
  const told = async (given: () => Response | Promise<Response>, over: Parameters<typeof client>[1] = {}) => {
    const { polite, calls } = client([given], { tookMs: 80, ...over })
    await polite.send('POST', ADDRESS, {}, z.looseObject({ id: z.string() }))
    return calls
  }
  const sent = { method: 'POST', url: ADDRESS, lane: 'live', ms: 80, probe: false }
  const rest = { status: null, code: null, remaining: null, limit: null, ignoredHeaders: 0 }

  it('is how it was answered, how long that took and what is left', async () => {
    expect(await told(() => answer(200, { id: 'abc' }, rates))).toEqual([
      { ...sent, ...rest, outcome: 'ok', status: 200, remaining: 7, limit: 100 },
    ])
  })

  it.each([
    ['a refusal, with its code', () => answer(401, { ECODE: 'OAUTH_027' }, rates), 'noAccess', 401, 'OAUTH_027'],
    ['a fault of the server', () => answer(503, {}), 'unavailable', 503, null],
    ['a refusal that came as a fault', () => answer(500, { ECODE: 'INPUT_003' }, rates), 'invalid', 500, 'INPUT_003'],
    ['an answer in another form', () => answer(200, { ID: 'abc' }, rates), 'invalid', 200, null],
    ['an answer that says nothing', () => answer(200, {}, rates), 'unavailable', 200, null],
    ['null', () => answer(200, null, rates), 'unavailable', 200, null],
    ['a word of somebody else', () => answer(200, 'ok', rates), 'unavailable', 200, null],
    ['a list where nobody lists', () => answer(200, [{ id: 'abc' }], rates), 'unavailable', 200, null],
    ['half an answer', () => new Response('{"id'), 'unavailable', 200, null],
    ['a code that is none', () => answer(400, { ECODE: 'Task "Buy milk"' }, rates), 'invalid', 400, null],
  ])('is %s', async (_, given, outcome, status, code) => {
    expect(await told(given)).toMatchObject([{ ...sent, outcome, status, code }])
  })

  it('is that none came', async () => {
    const calls = await told(() => Promise.reject(new TypeError('fetch failed')))
    expect(calls).toEqual([{ ...sent, ...rest, outcome: 'unavailable' }])
  })

  it('is that it was a probe', async () => {
    const gate: Gate = { ...openGate, enter: async () => ({ kind: 'granted', probe: true }) }
    expect(await told(() => answer(200, { id: 'abc' }, rates), { gate })).toMatchObject([{ probe: true }])
  })

  it('is nothing where none was made', async () => {
    const until = NOW + 15_000
    const gate: Gate = { ...openGate, enter: async () => ({ kind: 'blocked', why: 'spent', until, since: NOW }) }
    expect(await told(FINE, { gate })).toEqual([])
  })
})
