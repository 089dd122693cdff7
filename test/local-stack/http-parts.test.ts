import { describe, expect, it } from 'vitest'
import { toAnswer } from '../../local/stack/http/response.ts'
import { findRoute, parseRouteKey } from '../../local/stack/http/routes.ts'
import { createThrottle } from '../../local/stack/http/throttle.ts'

describe('routes', () => {
  const routes = [
    '$default',
    'ANY /a/{rest+}',
    'GET /a/{id}',
    'ANY /a/{id}',
    'GET /a/b',
    'POST /hooks/{connection}/{slot}',
  ].map((key) => ({ key, pattern: parseRouteKey(key, 'R') }))

  it.each([
    ['GET', '/a/b', 'GET /a/b', {}],
    ['GET', '/a/c', 'GET /a/{id}', { id: 'c' }],
    ['PUT', '/a/c', 'ANY /a/{id}', { id: 'c' }],
    ['GET', '/a/c/d', 'ANY /a/{rest+}', { rest: 'c/d' }],
    ['POST', '/hooks/main/a', 'POST /hooks/{connection}/{slot}', { connection: 'main', slot: 'a' }],
    ['POST', '/hooks/ma%2Fin/a%20b', 'POST /hooks/{connection}/{slot}', { connection: 'ma/in', slot: 'a b' }],
    ['GET', '/hooks/main/a', '$default', {}],
    ['POST', '/hooks/main/a/', '$default', {}],
    ['POST', '/hooks//a', '$default', {}],
  ])('%s %s goes to %s', (method, path, key, pathParameters) => {
    const match = findRoute(routes, method, path)
    expect({ key: match?.route.key, pathParameters: match?.pathParameters }).toEqual({ key, pathParameters })
  })

  it('finds nothing where nothing fits', () => {
    expect(findRoute(routes.slice(1), 'GET', '/')).toBeUndefined()
  })

  it.each(['FETCH /a', 'GET a', 'GET /{a+}/b'])('refuses the key %s', (key) => {
    expect(() => parseRouteKey(key, 'R')).toThrow(`R: the route key ${key}`)
  })
})

describe('answers', () => {
  const shown = (result: unknown) => {
    const { body, ...rest } = toAnswer(result)
    return { ...rest, body: body.toString('utf8') }
  }

  it('are what the function states', () => {
    expect(
      shown({ statusCode: 201, headers: { 'X-A': 1 }, cookies: ['a=1', 'b=2'], body: 'aGk=', isBase64Encoded: true }),
    ).toEqual({
      status: 201,
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-a': '1' },
      cookies: ['a=1', 'b=2'],
      body: 'hi',
    })
  })

  it('are 200 with JSON where the function states no status', () => {
    expect(shown({ ok: true })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"ok":true}',
    })
    expect(shown('text')).toMatchObject({ status: 200, body: 'text' })
  })

  it.each([{ statusCode: 'odd' }, { statusCode: 200, body: {} }, { statusCode: 200, headers: { a: {} } }])(
    'are 500 for %j',
    (result) => {
      expect(shown(result)).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' })
    },
  )
})

describe('throttle', () => {
  it('lets a burst through, then so many a second, each route by itself', () => {
    let now = 0
    const stage = {
      name: '$default',
      variables: {},
      limits: { burst: 3, perSecond: 2 },
      routeLimits: new Map(),
    }
    const take = createThrottle(stage, { now: () => now })
    expect([1, 2, 3, 4].map(() => take('A'))).toEqual([true, true, true, false])
    expect(take('B')).toBe(true)
    now = 1000
    expect([1, 2, 3].map(() => take('A'))).toEqual([true, true, false])
  })

  it('lets everything through without limits', () => {
    const stage = {
      name: '$default',
      variables: {},
      limits: { burst: undefined, perSecond: undefined },
      routeLimits: new Map(),
    }
    const take = createThrottle(stage, { now: () => 0 })
    expect(Array.from({ length: 1000 }, () => take('A')).every(Boolean)).toBe(true)
  })
})
