import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createClickUp, segment } from '../../core/clickup/client.ts'
import type { Credential } from '../../core/upstream/credential.ts'
import { openGate } from '../support/gate.ts'
import { answer } from '../support/upstream.ts'

const NOW = 1_789_000_000_000
const schema = z.object({ id: z.string() })
const DEAD = () => answer(401, { err: 'Token invalid', ECODE: 'OAUTH_025' })
const FINE = () => answer(200, { id: 'abc' }, { date: new Date(NOW).toUTCString() })

/** A client before a ClickUp that gives these answers in turn, and what it was asked. */
function client(answers: (() => Response | Promise<Response>)[], tokens: (string | null)[] = ['first', 'second']) {
  const asked: { url: string; authorization: string | null; body: unknown }[] = []
  const renewals: (string | undefined)[] = []
  const outcomes: string[] = []
  const clickup = createClickUp({
    baseUrl: 'http://clickup.test/api',
    token: async (renew): Promise<Credential | null> => {
      renewals.push(renew)
      const token = tokens[renewals.length - 1] ?? null
      return token === null ? null : { token, version: `version of ${token}` }
    },
    fetch: async (url, init) => {
      asked.push({ url, authorization: new Headers(init.headers).get('authorization'), body: init.body })
      return (answers[asked.length - 1] ?? FINE)()
    },
    clock: { now: () => NOW },
    random: () => 0,
    sleep: async () => undefined,
    gate: openGate,
    lane: 'live',
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

  it('sends what there is to send', async () => {
    const { clickup, asked } = client([FINE])
    await clickup.send('PUT', '/webhook/1', { status: 'active' }, schema)
    expect(asked[0]).toMatchObject({ url: 'http://clickup.test/api/v2/webhook/1', body: '{"status":"active"}' })
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
    const { clickup, asked, renewals } = client([DEAD, DEAD], ['first', 'second', 'third'])
    expect(await clickup.get('/task/abc', schema)).toEqual({ kind: 'tokenDead', code: 'OAUTH_025', until: null })
    expect(asked).toHaveLength(2)
    expect(renewals).toHaveLength(2)
  })

  it('is not repeated with the token that was refused', async () => {
    const { clickup, asked } = client([DEAD], ['first', 'first'])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind: 'tokenDead' })
    expect(asked).toHaveLength(1)
  })

  it('is not made without a token, and none is free to be made', async () => {
    const { clickup, asked } = client([], [])
    expect(await clickup.get('/task/abc', schema)).toEqual({ kind: 'noToken', reason: null })
    expect(await clickup.look()).toMatchObject({ kind: 'blocked', why: 'tokenDead' })
    expect(await clickup.reserve(3)).toMatchObject({ kind: 'blocked', why: 'tokenDead' })
    expect(asked).toEqual([])
  })

  it.each([
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 'unavailable'],
    ['an answer that is no JSON', () => new Response('<html>'), 'unavailable'],
    ['an answer of another form', () => answer(200, { id: 1 }), 'invalid'],
    ['no content, where some is needed', () => new Response(null, { status: 204 }), 'unavailable'],
    [
      'an error with a status of success',
      () => answer(200, { err: 'Team not authorized', ECODE: 'OAUTH_027' }),
      'unavailable',
    ],
  ])('that gets %s is a fault and never throws', async (_, response, kind) => {
    const { clickup } = client([response, response, response])
    expect(await clickup.get('/task/abc', schema)).toMatchObject({ kind })
  })

  it('cannot be led to another address by an id', () => {
    expect(segment('../team?x=1#')).toBe('..%2Fteam%3Fx%3D1%23')
  })
})
