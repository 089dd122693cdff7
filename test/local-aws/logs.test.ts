import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { parseFilterPattern } from '../../local/aws/logs/filter-pattern.ts'

const GROUP = '/aws/lambda/hookline-test-verifier'
const answerSchema = z.object({
  events: z.array(z.looseObject({ message: z.string(), timestamp: z.number(), eventId: z.string() })),
  nextToken: z.string().optional(),
})
const refusalSchema = z.looseObject({ __type: z.string(), message: z.string() })

let now = 1_000
let gateway: AwsGateway

beforeEach(async () => {
  now = 1_000
  gateway = await startAwsGateway({ clock: { now: () => now } })
})
afterEach(() => gateway.close())

/** The call as the SDK puts it on the wire. */
async function ask(body: Record<string, unknown>, statements: Statement[] | 'all' = 'all') {
  gateway.admit({ accessKeyId: 'READER', name: 'reader', statements })
  return fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=READER/20260101/${gateway.region}/logs/aws4_request, Signature=0`,
    },
    body: JSON.stringify(body),
  })
}
const filter = async (body: Record<string, unknown>) =>
  answerSchema.parse(await (await ask({ logGroupName: GROUP, ...body })).json())
const messages = async (body: Record<string, unknown>) => (await filter(body)).events.map(({ message }) => message)
const refused = async (body: Record<string, unknown>, statements: Statement[] | 'all' = 'all') => {
  const response = await ask(body, statements)
  return { status: response.status, ...refusalSchema.parse(await response.json()) }
}

function write(...lines: string[]) {
  for (const line of lines) {
    gateway.writeLog(GROUP, 'local', line)
    now += 1_000
  }
}

describe('FilterLogEvents', () => {
  it('answers with the lines of a group, both ends of the time included', async () => {
    write('one', 'two', 'three', 'four')
    expect(await messages({})).toEqual(['one', 'two', 'three', 'four'])
    expect(await messages({ startTime: 2_000, endTime: 3_000 })).toEqual(['two', 'three'])
    expect((await filter({ startTime: 4_000 })).events).toMatchObject([{ timestamp: 4_000, logStreamName: 'local' }])
  })

  it('goes on behind the last event of a page, also when lines were written meanwhile', async () => {
    write('one', 'two', 'three')
    const first = await filter({ limit: 2 })
    expect(first.events.map(({ message }) => message)).toEqual(['one', 'two'])
    write('four')
    const second = await filter({ limit: 2, nextToken: first.nextToken })
    expect(second.events.map(({ message }) => message)).toEqual(['three', 'four'])
    expect(second.nextToken).toBeUndefined()
    expect(new Set([...first.events, ...second.events].map(({ eventId }) => eventId)).size).toBe(4)
  })

  it('finds what was refused and why', async () => {
    write(
      '{"message":"Delivery refused","reason":"signature"}',
      'no JSON at all',
      '{"message":"Delivery accepted"}',
      '{"message":"Delivery refused","reason":"unknown slot"}',
    )
    expect(await messages({ filterPattern: '{ $.message = "Delivery refused" }' })).toHaveLength(2)
    expect(await messages({ filterPattern: '"Delivery accepted"' })).toEqual(['{"message":"Delivery accepted"}'])
  })

  it('keeps the newest lines of a group and lets the oldest go', async () => {
    for (let count = 0; count < 21_000; count++) gateway.writeLog(GROUP, 'local', `line ${count}`)
    const { events, nextToken } = await filter({ limit: 10_000 })
    const rest = await filter({ limit: 10_000, nextToken })
    const kept = [...events, ...rest.events]
    expect(kept.length).toBeGreaterThanOrEqual(15_000)
    expect(kept.length).toBeLessThanOrEqual(20_000)
    expect(kept.at(-1)?.message).toBe('line 20999')
  })

  it('refuses what the service would refuse', async () => {
    gateway.createLogGroup(GROUP)
    expect(await messages({})).toEqual([])
    expect(await refused({ logGroupName: '/aws/lambda/none' })).toMatchObject({ __type: 'ResourceNotFoundException' })
    const group = { logGroupName: GROUP }
    expect(await refused({ ...group, nextToken: 'x' })).toMatchObject({ __type: 'InvalidParameterException' })
    expect(await refused({ ...group, filterPattern: '[a, b]' })).toMatchObject({ __type: 'InvalidParameterException' })
    expect(await refused({})).toMatchObject({ status: 400, __type: 'InvalidParameterException' })
  })

  it('needs the right to read this group', async () => {
    write('one')
    const arn = `arn:aws:logs:${gateway.region}:${gateway.account}:log-group:${GROUP}`
    const allowing = (resource: string): Statement[] => [
      { effect: 'Allow', actions: ['logs:FilterLogEvents'], resources: [resource] },
    ]
    expect((await ask({ logGroupName: GROUP }, allowing(`${arn}:*`))).status).toBe(200)
    expect((await ask({ logGroupIdentifier: arn }, allowing(`${arn}:*`))).status).toBe(200)
    expect(await refused({ logGroupName: GROUP }, allowing(`${arn}-other:*`))).toMatchObject({
      __type: 'AccessDeniedException',
      message: expect.stringContaining('logs:FilterLogEvents'),
    })
  })
})

describe('filter patterns', () => {
  const LINE = '{"level":"WARN","status":403,"request":{"slot":"a"},"message":"Delivery refused"}'
  it.each([
    ['', true],
    ['refused', true],
    ['WARN refused', true],
    ['WARN accepted', false],
    ['"Delivery refused" -accepted', true],
    ['-refused', false],
    ['?accepted ?refused', true],
    ['{ $.level = "WARN" }', true],
    ['{ $.level = WARN && $.status = 403 }', true],
    ['{ $.level = "INFO" || $.status >= 400 }', true],
    ['{ $.status < 400 }', false],
    ['{ $.request.slot = "a" }', true],
    ['{ $.request.slot != "a" }', false],
    ['{ $.absent != "a" }', false],
    ['{ $.message = "Delivery*" }', true],
    ['{ $.message = "Delivery" }', false],
  ])('%s', (pattern, expected) => {
    const parsed = parseFilterPattern(pattern)
    expect(parsed.kind === 'test' && parsed.test(LINE)).toBe(expected)
  })

  it.each(['%x%', '[a]', '{ $.a = 1 && $.b = 2 || $.c = 3 }', '{ $.a }', '{ ($.a = 1) }', 'a:b'])(
    '%s is not guessed at',
    (pattern) => {
      expect(parseFilterPattern(pattern).kind).toBe('unsupported')
    },
  )
})
