import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, redaction } from '../../core/platform/log.ts'
import { FEWEST_CHARACTERS } from '../../core/platform/secret-shapes.ts'
import { linesOf } from './output.ts'

const { value: redact } = redaction()

fc.configureGlobal({ seed: 20_260_101 })

const token = (digits = '12345', key = 'ABCDEF0123') => `${'pk'}_${digits}_${key}`
const WEBHOOK_SECRET = 'ABCDEFGH01234567'.repeat(4)

describe('the log', () => {
  it('writes one JSON line with the fields of the call, and of that call alone', async () => {
    const log = createLogger('verifier')
    const lines = await linesOf(() => {
      log.info('first', { a: 1 })
      log.warn('second', { b: [2n] })
      log.error('third')
    })
    const [first, second, third] = lines.map((line): unknown => JSON.parse(line))
    expect(first).toMatchObject({ level: 'INFO', message: 'first', service: 'verifier', a: 1 })
    expect(second).toMatchObject({ level: 'WARN', message: 'second', b: ['2'] })
    expect(second).not.toHaveProperty('a')
    expect(third).toMatchObject({ level: 'ERROR', message: 'third' })
    expect(third).not.toHaveProperty('b')
  })

  it('lets no token out, wherever it stands', async () => {
    const log = createLogger('verifier')
    const lines = await linesOf(() =>
      log.error(`failed for ${token()}`, {
        url: `https://x.test/?t=${token()}&u=1`,
        error: new Error(`no ${token()}`, { cause: new Error(token()) }),
        deep: [{ [token()]: { list: [token()] } }],
        secret: WEBHOOK_SECRET,
        note: `is ${WEBHOOK_SECRET}.`,
      }),
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain(token())
    expect(lines[0]).not.toContain(WEBHOOK_SECRET)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: 'failed for [redacted]',
      url: 'https://x.test/?t=[redacted]&u=1',
      error: { name: 'Error', message: 'no [redacted]', cause: { message: '[redacted]' } },
      note: 'is [redacted].',
    })
  })
})

describe('redaction', () => {
  it.each([
    ['ClickUp API token', token('1', 'A')],
    ['OAuth access token', `7_${'0af1'.repeat(16)}`],
    ['ClickUp signing secret', WEBHOOK_SECRET],
    ['key of a model', `${'sk'}-${'A1'.repeat(10)}`],
    ['named', 'bearer abcdefgh'],
  ] as const)('looks for the shortest there is: %s', (name, shortest) => {
    expect(shortest).toHaveLength(FEWEST_CHARACTERS[name])
    expect(redact(shortest)).toBe(name === 'named' ? 'bearer [redacted]' : '[redacted]')
    expect(redact(shortest.slice(1))).not.toContain('[redacted]')
  })

  it('removes tokens from any structure', () => {
    const anyToken = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.stringMatching(/^[A-Za-z0-9]{1,40}$/))
      .map(([digits, key]) => token(String(digits), key))
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), anyToken, fc.string(), (value, secret, around) => {
        const text = JSON.stringify(redact({ value, list: [`${around} ${secret} ${around}`], [`k-${secret}`]: 1 }))
        expect(text).not.toContain(secret)
      }),
    )
  })

  it.each([
    'secret',
    'token',
    'Authorization',
    'signature',
    'x-signature',
    'X-Signature',
    'signingSecret',
    'apiTokens',
    'SecretString',
  ])('hides what is called %s', (key) => {
    expect(redact({ [key]: 'value', nested: { [key]: { a: 1 } } })).toEqual({
      [key]: '[redacted]',
      nested: { [key]: '[redacted]' },
    })
  })

  it.each([
    ['authorization: Bearer an-access-token.of/oauth==', 'authorization: Bearer [redacted]'],
    ['sent Authorization=Basic dXNlcjpwYXNzd29yZA==, got 401', 'sent Authorization=Basic [redacted], got 401'],
    ['{"access_token":"12345678abcdef","x":1}', '{"access_token":"[redacted]","x":1}'],
    ['"{\\"client_secret\\": \\"12345678abcdef\\"}"', '"{\\"client_secret\\": \\"[redacted]\\"}"'],
    [`curl -H 'X-Signature: ${'0af1'.repeat(16)}'`, "curl -H 'X-Signature: [redacted]'"],
    [`with 4711_${'0af1'.repeat(16)}.`, 'with [redacted].'],
    ['the Bearer abcdefgh12 was refused', 'the Bearer [redacted] was refused'],
    ['no authorization: none, bearer: no', 'no authorization: none, bearer: no'],
  ])('hides what a text calls secret: %s', (text, clean) => {
    expect(redact(text)).toBe(clean)
  })

  it('leaves alone what only looks a little like it', () => {
    const plain = {
      tokenDead: true,
      secretName: 'hookline/dev/acme/signing',
      changeId: '4830bf524f6e29a3e8da953936c6f21c1fea2b9669b825d3e1be293ef3416c8c',
      key: 'pk_name',
      none: null,
      ms: 3,
    }
    expect(redact(plain)).toEqual(plain)
  })

  it('comes to an end with anything', () => {
    const circle: Record<string, unknown> = {
      bytes: Buffer.from('secret body'),
      when: new Date(0),
      bad: new Date(Number.NaN),
    }
    circle.self = circle
    const text = JSON.stringify(redact(circle))
    expect(text).toContain('"bytes":"[11 bytes]","when":"1970-01-01T00:00:00.000Z","bad":"invalid date"')
    expect(text).toContain('[too deep]')
  })
})
