import { describe, expect, it } from 'vitest'
import { classify } from '../../core/clickup/faults.ts'
import type { Fault } from '../../core/upstream/fault.ts'

const RETRY_AT = 1_789_000_000_000
const of = (status: number, code: string | null) =>
  classify({
    status,
    text: code === null ? '<html>' : JSON.stringify({ err: 'words', ECODE: code }),
    retryAt: RETRY_AT,
  })

/** Every code that ClickUp is known to answer with, at every status at which it was seen or may be. */
const CODES: [codes: string[], statuses: number[], kind: Fault['kind']][] = [
  // The token or its header is wrong, whatever was asked for.
  [['OAUTH_017', 'OAUTH_018', 'OAUTH_019', 'OAUTH_021', 'OAUTH_025', 'OAUTH_077'], [401, 400, 403], 'tokenDead'],
  // "Team not authorized": no access, or no such id.
  [['OAUTH_023', 'OAUTH_026', 'OAUTH_027'], [401, 400, 403], 'noAccess'],
  [Array.from({ length: 17 }, (_, i) => `OAUTH_0${i + 29}`), [401, 400, 403], 'noAccess'],
  [['TIMEENTRY_059', 'ACCESS_083'], [403], 'noAccess'],
  // Of the way to a token, which nothing here goes.
  [['OAUTH_007', 'OAUTH_010', 'OAUTH_014'], [400], 'invalid'],
  [['OAUTH_171'], [400], 'invalid'],
  [['APP_001'], [404], 'invalid'],
  [['APP_002'], [429, 400, 200], 'rateLimited'],
  [['ITEM_013'], [404], 'gone'],
  [['ITEM_015'], [404, 400], 'gone'],
  [['ACCESS_118', 'TEAM_001'], [404], 'gone'],
  // What was sent is refused: also as a 500, as one of these was seen.
  [['ITEM_114', 'ITEM_137', 'ITEM_246'], [400, 500], 'invalid'],
  [['INPUT_003', 'INPUT_004'], [400, 500], 'invalid'],
  [['FIELD_002', 'FIELD_011', 'FIELD_017', 'FIELD_033', 'FIELD_115'], [400, 403, 500], 'invalid'],
  [['FIELD_144', 'FIELD_342', 'FIELD_375'], [400, 500], 'invalid'],
  [['GBUSED_005', 'INDEX_014'], [400, 500], 'invalid'],
  [['TIMEENTRY_052', 'TIMEENTRY_060', 'TIMEENTRY_064'], [400], 'invalid'],
  [['TIMEENTRY_052'], [404], 'gone'],
]

/** A code that nobody has seen yet: the status alone decides. */
const UNKNOWN: [status: number, kind: Fault['kind']][] = [
  [400, 'invalid'],
  [401, 'tokenDead'],
  [403, 'noAccess'],
  [404, 'gone'],
  [408, 'unavailable'],
  [409, 'invalid'],
  [418, 'invalid'],
  [422, 'invalid'],
  [429, 'rateLimited'],
  [500, 'unavailable'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
]

describe('the classifier of ClickUp errors', () => {
  const rows = CODES.flatMap(([codes, statuses, kind]) =>
    codes.flatMap((code) => statuses.map((status) => [code, status, kind] as const)),
  )
  it.each(rows)('%s with %i is %s', (code, status, kind) => {
    expect(of(status, code).kind).toBe(kind)
  })

  it.each(UNKNOWN)('a new code with %i is %s', (status, kind) => {
    expect(of(status, 'NEW_999').kind).toBe(kind)
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
    [504, 'unavailable'],
    [400, 'invalid'],
    [301, 'invalid'],
  ])('%i without a code is %s: a page of a proxy deletes and hides nothing', (status, kind) => {
    expect(of(status, null).kind).toBe(kind)
  })

  it.each([
    ['the text of no error', '"OAUTH_025"'],
    ['a code that is no text', '{"err":"words","ECODE":25}'],
    ['half an answer', '{"err":"words","ECODE":"ITEM_0'],
    ['nothing', ''],
  ])('%s has no code', (_, text) => {
    expect(classify({ status: 404, text, retryAt: RETRY_AT }).kind).toBe('unavailable')
  })

  it('says when a refused call may come again, and what a refused token was told', () => {
    expect(of(429, 'APP_002')).toEqual({ kind: 'rateLimited', until: RETRY_AT })
    expect(of(401, 'OAUTH_019')).toEqual({ kind: 'tokenDead', code: 'OAUTH_019', until: null })
    expect(of(503, 'NEW_999')).toEqual({ kind: 'unavailable', reason: 'status 503 NEW_999', until: null })
  })
})
