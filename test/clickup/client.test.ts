import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createClickUp, segment } from '../../core/clickup/client.ts'
import { answer } from '../support/upstream.ts'

const NOW = 1_789_000_000_000
const schema = z.object({ id: z.string() })
const DEAD = () => answer(401, { err: 'Token invalid', ECODE: 'OAUTH_025' })
const FINE = () => answer(200, { id: 'abc' }, { date: new Date(NOW).toUTCString() })

/** A client before a ClickUp that gives these answers in turn, and what it was asked. */
function client(answers: (() => Response | Promise<Response>)[], tokens: (string | null)[] = ['first', 'second']) {
  const asked: { url: string; authorization: string | null }[] = []
  const renewals: (string | undefined)[] = []
  const outcomes: string[] = []
  const clickup = createClickUp({
    baseUrl: 'http://clickup.test/api',
    token: async (renew) => {
      renewals.push(renew)
      return tokens[renewals.length - 1] ?? null
    },
    fetch: async (url, init) => {
      asked.push({ url, authorization: new Headers(init.headers).get('authorization') })
      return (answers[asked.length - 1] ?? FINE)()
    },
    clock: { now: () => NOW },
    onCall: ({ outcome }) => void outcomes.push(outcome),
  })
  return { clickup, asked, renewals, outcomes }
}

describe('a call of ClickUp', () => {
  it('gives what was asked for, and when it was read', async () => {
    const { clickup, asked, outcomes } = client([FINE])
    expect(await clickup.get('/task/abc', schema)).toEqual({ kind: 'ok', value: { id: 'abc' }, observedAt: NOW })
    expect(asked).toEqual([{ url: 'http://clickup.test/api/v2/task/abc', authorization: 'Bearer first' }])
    expect(outcomes).toEqual(['ok'])
  })

  it('carries a personal token as it is', async () => {
    const personal = `${'pk'}_1_A`
    const { clickup, asked } = client([FINE], [personal])
    await clickup.get('/task/abc', schema)
    expect(asked[0]?.authorization).toBe(personal)
  })

  it('with a token that was just rotated is repeated with the new one', async () => {
    const { clickup, asked, renewals, outcomes } = client([DEAD, FINE])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind: 'ok' })
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second'])
    expect(renewals).toEqual([undefined, 'renew'])
    expect(outcomes).toEqual(['tokenDead', 'ok'])
  })

  it('is repeated once and no more', async () => {
    const { clickup, asked } = client([DEAD, DEAD])
    expect(await clickup.get('/task/abc', schema)).toEqual({ kind: 'tokenDead', code: 'OAUTH_025' })
    expect(asked).toHaveLength(2)
  })

  it('is not repeated for any other fault', async () => {
    const { clickup, asked } = client([() => answer(503, {})])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind: 'unavailable' })
    expect(asked).toHaveLength(1)
  })

  it('is not made without a token', async () => {
    const { clickup, asked } = client([], [null, null])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind: 'tokenDead' })
    expect(asked).toEqual([])
  })

  it.each([
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 'unavailable'],
    ['an answer that is no JSON', () => new Response('<html>'), 'unavailable'],
    ['an answer of another form', () => answer(200, { id: 1 }), 'invalid'],
    ['no content, where some is needed', () => new Response(null, { status: 204 }), 'invalid'],
  ])('that gets %s is a fault and never throws', async (_, response, kind) => {
    const { clickup } = client([response])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind })
  })

  it('cannot be led to another address by an id', () => {
    expect(segment('../team?x=1#')).toBe('..%2Fteam%3Fx%3D1%23')
  })
})
