import * as z from 'zod'
import type { Fault } from '../upstream/fault.ts'
import type { Refused } from '../upstream/provider.ts'

/** `{err, ECODE}` is the shape of every error that ClickUp documents. */
const errorBody = z.looseObject({ err: z.string().optional(), ECODE: z.string().optional() })

/** Says the token is dead, whatever was asked for. */
const TOKEN_DEAD = new Set(['OAUTH_017', 'OAUTH_018', 'OAUTH_019', 'OAUTH_021', 'OAUTH_025', 'OAUTH_077'])

/** Says "no access", which is also what ClickUp answers to an id that does not exist. */
const isNoAccess = (code: string) => {
  const number = /^OAUTH_(\d+)$/.exec(code)?.[1]
  if (number !== undefined) {
    const n = Number(number)
    return n === 23 || n === 26 || n === 27 || (n >= 29 && n <= 45)
  }
  return code === 'TIMEENTRY_059' || code === 'ACCESS_083'
}

const GONE = new Set(['ITEM_013', 'ITEM_015', 'ACCESS_118'])

/** A refusal of what was sent, which ClickUp sometimes answers as a 500. */
const isInvalid = (code: string) => /^(FIELD|INPUT|INDEX|GBUSED)_\d+$/.test(code) || /^ITEM_(114|137|246)$/.test(code)

/**
 * The one classifier of ClickUp's errors. Decides by `ECODE` before the status, because 401 is two things and some
 * validation errors come as 500.
 */
export function classify({ status, text, retryAt }: Refused): Fault {
  const { code, message } = parseError(text)
  if (status === 429 || code === 'APP_002') return { kind: 'rateLimited', until: retryAt }
  if (TOKEN_DEAD.has(code)) return { kind: 'tokenDead', code, until: null }
  if (isNoAccess(code)) return { kind: 'noAccess' }
  if (GONE.has(code)) return { kind: 'gone' }
  if (isInvalid(code)) return { kind: 'invalid', reason: `${status} ${code} ${message}` }
  if (status === 401) return { kind: 'tokenDead', code: code || 'none', until: null }
  if (status === 404 && code === 'APP_001') return { kind: 'invalid', reason: '404 APP_001' }
  // A 404 is a deletion and a 403 a refusal only when ClickUp itself says so: a proxy's error page deletes and hides nothing.
  if (code === '' && (status === 404 || status === 403)) return unavailable(`status ${status} without a code`)
  if (status === 404) return { kind: 'gone' }
  if (status === 403) return { kind: 'noAccess' }
  if (status === 408 || status >= 500) return unavailable(`status ${status} ${code}`)
  return { kind: 'invalid', reason: `${status} ${code} ${message}`.trim() }
}

/** The `ECODE` of a refusal; null for what has none, or has something there that is no code. */
export function codeOf(text: string): string | null {
  const { code } = parseError(text)
  return /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : null
}

/** Far longer than any of ClickUp's: what is there instead must not fill a log line or a message. */
const MAX_CODE = 64

const unavailable = (reason: string): Fault => ({ kind: 'unavailable', reason: reason.trim(), until: null })

function parseError(text: string): { code: string; message: string } {
  try {
    const parsed = errorBody.safeParse(JSON.parse(text))
    if (parsed.success)
      return { code: (parsed.data.ECODE ?? '').slice(0, MAX_CODE), message: (parsed.data.err ?? '').slice(0, 200) }
  } catch {
    // An HTML page of a proxy, or nothing: the status alone decides.
  }
  return { code: '', message: '' }
}
