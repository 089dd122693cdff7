import { describe, expect, it } from 'vitest'
import { classify } from '../../core/clickup/faults.ts'

const NOW = 1_789_000_000_000
const of = (status: number, code: string | null, headers: Record<string, string> = {}) =>
  classify(status, code === null ? '<html>' : JSON.stringify({ err: 'words', ECODE: code }), new Headers(headers), NOW)

describe('the classifier of ClickUp errors', () => {
  it.each([
    ['OAUTH_017', 401, 'tokenDead'],
    ['OAUTH_019', 401, 'tokenDead'],
    ['OAUTH_021', 401, 'tokenDead'],
    ['OAUTH_025', 401, 'tokenDead'],
    ['OAUTH_077', 401, 'tokenDead'],
    ['OAUTH_023', 401, 'noAccess'],
    ['OAUTH_026', 401, 'noAccess'],
    ['OAUTH_027', 401, 'noAccess'],
    ['OAUTH_027', 400, 'noAccess'],
    ['OAUTH_029', 401, 'noAccess'],
    ['OAUTH_045', 403, 'noAccess'],
    ['OAUTH_007', 400, 'invalid'],
    ['OAUTH_171', 400, 'invalid'],
    ['APP_001', 404, 'invalid'],
    ['APP_002', 429, 'rateLimited'],
    ['ITEM_013', 404, 'gone'],
    ['ITEM_015', 404, 'gone'],
    ['ITEM_015', 400, 'gone'],
    ['ITEM_114', 400, 'invalid'],
    ['ITEM_137', 400, 'invalid'],
    ['ITEM_246', 400, 'invalid'],
    ['INPUT_003', 400, 'invalid'],
    ['INPUT_004', 400, 'invalid'],
    ['FIELD_017', 500, 'invalid'],
    ['FIELD_033', 403, 'invalid'],
    ['FIELD_115', 400, 'invalid'],
    ['TIMEENTRY_059', 403, 'noAccess'],
    ['TIMEENTRY_060', 400, 'invalid'],
    ['ACCESS_083', 403, 'noAccess'],
    ['ACCESS_118', 404, 'gone'],
    ['GBUSED_005', 400, 'invalid'],
    ['INDEX_014', 400, 'invalid'],
    ['TEAM_001', 404, 'gone'],
    ['NEW_999', 500, 'unavailable'],
    ['NEW_999', 418, 'invalid'],
  ])('%s with %i is %s', (code, status, kind) => {
    expect(of(status, code).kind).toBe(kind)
  })

  it.each([
    [401, 'tokenDead'],
    [403, 'unavailable'],
    [404, 'unavailable'],
    [408, 'unavailable'],
    [429, 'rateLimited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [400, 'invalid'],
  ])('%i without a code is %s: a page of a proxy deletes and hides nothing', (status, kind) => {
    expect(of(status, null).kind).toBe(kind)
  })

  it.each([
    ['in seconds', { 'x-ratelimit-reset': String(NOW / 1000 + 30) }, NOW + 30_000],
    ['in milliseconds', { 'x-ratelimit-reset': String(NOW + 30_000) }, NOW + 30_000],
    ['in the past', { 'x-ratelimit-reset': String(NOW / 1000 - 30) }, NOW + 1_000],
    ['absurdly far', { 'x-ratelimit-reset': String(NOW / 1000 + 1e6) }, NOW + 120_000],
    ['missing', {}, NOW + 60_000],
    ['no number', { 'x-ratelimit-reset': 'soon' }, NOW + 60_000],
  ])('a limit ends when the header says, %s', (_, headers, until) => {
    expect(of(429, 'APP_002', headers)).toEqual({ kind: 'rateLimited', until })
  })
})
