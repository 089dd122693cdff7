import { bases } from '../consumer/bases.ts'
import { askedOf, type Case } from '../consumer/cases.ts'
import { renamed } from '../consumer/rename.ts'
import { messageOf, type Said, textsOf } from '../consumer/trial.ts'

const html = '<!doctype html><html><title>502 Bad Gateway</title></html>'
const response =
  (body: string | null, status = 200, headers: Record<string, string> = {}) =>
  () =>
    new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })

/** Answers that are no answers: of a proxy, of half a connection, of somebody else. `good` is what was to come. */
export const ANSWERS: Record<string, (good: string) => Said> = {
  'HTML with 200': () => response(html, 200, { 'content-type': 'text/html' }),
  'HTML with 404': () => response(html, 404, { 'content-type': 'text/html' }),
  'HTML with 403': () => response(html, 403, { 'content-type': 'text/html' }),
  'HTML with 503': () => response(html, 503),
  'nothing with 200': () => response(''),
  'nothing with 204': () => response(null, 204),
  'nothing with 404': () => response('', 404),
  'nothing with 500': () => response('', 500),
  'JSON that breaks off': (good) => response(good.slice(0, -20)),
  'JSON that is null': () => response('null'),
  'JSON that is a list': (good) => response(`[${good}]`),
  'JSON that is a text': () => response('"ok"'),
  'an empty object': () => response('{}'),
  'an error with 200': () => response('{"err":"Internal error","ECODE":"ERR_000"}'),
  'a refusal with 200': () => response('{"err":"Token invalid","ECODE":"OAUTH_025"}'),
  'an error that is no text': () => response('{"err":{"a":1},"ECODE":7}', 400),
  'a code of a megabyte': () => response(`{"err":"x","ECODE":"${'E'.repeat(1_000_000)}"}`, 400),
  'a reason of a megabyte': () => response(`{"err":"${'x'.repeat(1_000_000)}","ECODE":"FIELD_001"}`, 400),
  'a status of 599': () => response('{}', 599),
  'another content type': (good) => response(good, 200, { 'content-type': 'image/png' }),
  'a redirect': () => () => {
    throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
  },
  'a connection that breaks': () => () => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
  },
  'a body that breaks': (good) => () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from(good.slice(0, 9)))
          controller.error(new Error('terminated'))
        },
      }),
    ),
  'thirty megabytes': (good) => response(`${good.slice(0, -1)},"padding":"${'x'.repeat(30_000_000)}"}`),
  'a hundred thousand levels': (good) =>
    response(`${good.slice(0, -1)},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  'headers that cannot be right': (good) =>
    response(good, 200, {
      ...{ 'x-ratelimit-limit': '-1', 'x-ratelimit-remaining': '1e309', 'x-ratelimit-reset': 'tomorrow' },
      ...{ date: 'never', 'retry-after': '-7' },
    }),
  'a date of the year 9999': (good) => response(good, 200, { date: 'Fri, 31 Dec 9999 23:59:59 GMT' }),
  'a 429 without a word': () => response('', 429),
  'a 429 until the year 9999': () =>
    response('{"err":"x","ECODE":"APP_002"}', 429, { 'x-ratelimit-reset': '253402300799' }),
  'the task of another id': (good) => response(good.replace(/"id":"[^"]*"/, '"id":"somebody-else"')),
}

/** Of them, those that answer nothing: an outage, whatever their status says. */
const OUTAGES = new Set([
  ...['HTML with 200', 'HTML with 404', 'HTML with 403', 'HTML with 503', 'nothing with 200', 'nothing with 204'],
  ...['nothing with 404', 'nothing with 500', 'JSON that breaks off', 'an error with 200', 'a refusal with 200'],
  ...['JSON that is null', 'JSON that is a list', 'JSON that is a text', 'an empty object'],
  ...['a status of 599', 'a redirect', 'a connection that breaks', 'a body that breaks'],
  ...['a 429 without a word', 'a 429 until the year 9999'],
])

/** Whatever ClickUp may answer to the one question of a delivery, of a task and of each kind of place. */
export function saidCases(): Case[] {
  const asking = ['task-status-changed', 'list-created', 'goal-created', 'folder created', 'space updated']
  return bases()
    .filter(({ name }) => asking.includes(name))
    .flatMap((base) =>
      Object.entries(ANSWERS).map(([what, say]): Case => {
        const name = `said: ${base.name}: ${what}`
        return {
          name,
          make: (suffix) => {
            const its = renamed(base, suffix)
            const path = askedOf(its) ?? ''
            const answers = { ...textsOf(its.answers), [path]: say(JSON.stringify(its.answers[path])) }
            return { name, message: messageOf(JSON.stringify(its.delivery)), answers, outage: OUTAGES.has(what) }
          },
        }
      }),
    )
}
