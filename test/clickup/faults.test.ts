import { describe, expect, it } from 'vitest'
import { classify, codeOf } from '../../core/clickup/faults.ts'
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
  [['TIMEENTRY_059', 'ACCESS_083'], [403, 401, 400], 'noAccess'],
  // Of the way to a token, which nothing here goes.
  [['OAUTH_007', 'OAUTH_010', 'OAUTH_014'], [400], 'invalid'],
  [['OAUTH_171'], [400], 'invalid'],
  [['APP_001'], [404], 'invalid'],
  [['APP_001'], [500, 503], 'unavailable'],
  // Codes that only look like one of these.
  [['XOAUTH_027', 'OAUTH_027X', 'OAUTH_', 'OAUTH_46', 'OAUTH_28', 'OAUTH_24'], [400], 'invalid'],
  [['XFIELD_011', 'FIELD_011X', 'XITEM_114', 'ITEM_1140', 'FIELD_'], [500], 'unavailable'],
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

  const classified = (status: number, body: unknown) =>
    classify({ status, text: JSON.stringify(body), retryAt: RETRY_AT })

  it('says for people what was refused, in ClickUp’s words and no more of them than fit', () => {
    const field = { err: 'Value is not valid', ECODE: 'FIELD_011' }
    expect(classified(500, field)).toEqual({ kind: 'invalid', reason: '500 FIELD_011 Value is not valid' })
    expect(classified(400, { err: 'Team is missing' })).toEqual({ kind: 'invalid', reason: '400  Team is missing' })
    expect(classified(400, { ECODE: 'NEW_999' })).toEqual({ kind: 'invalid', reason: '400 NEW_999' })
    expect(classified(418, {})).toEqual({ kind: 'invalid', reason: '418' })
    expect(of(418, null)).toEqual({ kind: 'invalid', reason: '418' })
    expect(classified(400, { err: 'x'.repeat(201), ECODE: 'A_1' })).toMatchObject({
      reason: `400 A_1 ${'x'.repeat(200)}`,
    })
    expect(classified(400, { ECODE: 'C'.repeat(65) })).toEqual({ kind: 'invalid', reason: `400 ${'C'.repeat(64)}` })
    expect(classified(404, { err: 'Route not found', ECODE: 'APP_001' })).toEqual({
      kind: 'invalid',
      reason: '404 APP_001',
    })
  })

  it('says for people what was not to be had', () => {
    expect(of(404, null)).toEqual({ kind: 'unavailable', reason: 'status 404 without a code', until: null })
    expect(of(502, null)).toEqual({ kind: 'unavailable', reason: 'status 502', until: null })
  })

  it('says that a token was refused without a code', () => {
    expect(of(401, null)).toEqual({ kind: 'tokenDead', code: 'none', until: null })
    expect(of(401, 'NEW_999')).toEqual({ kind: 'tokenDead', code: 'NEW_999', until: null })
  })
})

describe('the code of a refusal', () => {
  it.each([
    ['FIELD_011', 'FIELD_011'],
    ['GBUSED_005', 'GBUSED_005'],
    ['A1', 'A1'],
    [`A${'9'.repeat(40)}`, `A${'9'.repeat(40)}`],
  ])('%s goes into a log line', (code, found) => {
    expect(codeOf(JSON.stringify({ err: 'words', ECODE: code }))).toBe(found)
  })

  it.each(['', 'A', `A${'9'.repeat(41)}`, '1A', 'field_011', 'FIELD_011 or words', 'words FIELD_011', 'A\nB'])(
    'is none where it is %j, which may be anything',
    (code) => {
      expect(codeOf(JSON.stringify({ err: 'words', ECODE: code }))).toBeNull()
    },
  )

  it('is none where there is no error of ClickUp’s', () => {
    expect(codeOf('<html>')).toBeNull()
    expect(codeOf('{}')).toBeNull()
  })
})

it('whatever is there as a code, a reason is short: it goes into log lines and messages', () => {
  const fault = classify({
    status: 400,
    text: JSON.stringify({ err: 'x'.repeat(1e6), ECODE: 'E'.repeat(1e6) }),
    retryAt: 0,
  })
  expect(fault.kind).toBe('invalid')
  expect(JSON.stringify(fault).length).toBeLessThan(400)
})
