import { randomUUID } from 'node:crypto'
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { createLogger, redaction } from '../../core/platform/log.ts'
import { awsEnv, awsServer } from './aws-server.ts'
import { linesOf } from './output.ts'

fc.configureGlobal({ seed: 20_260_101 })

/** Of no shape that anything could be known by. */
const ODD = 'Sesame, öffne "dich" \\ 100%+/='

const tokenSecret = (token: string) => JSON.stringify({ v: 1, token, since: 1 })
const signingSecret = (secret: string) =>
  JSON.stringify({ v: 1, slots: { b: { webhookId: 'webhook-of-slot-b', secret, state: 'active' } } })

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a secret that the process knows', () => {
  it('does not come out of the log, whatever its shape and wherever it stands', async () => {
    const secrets = knownSecrets()
    secrets.learn(tokenSecret(ODD))
    const log = createLogger('verifier', { secrets })
    const error = new TypeError(`refused ${ODD}`, { cause: [ODD] })
    const lines = await linesOf(() => {
      log.info(`with ${ODD}!`)
      log.warn('a field', { note: ODD, deep: { list: [`<${ODD}>`] }, [`key ${ODD}`]: 1 })
      log.error('an error', { error })
      log.info('other forms', {
        url: `https://x.test/?t=${encodeURIComponent(ODD)}&u=1`,
        body: JSON.stringify({ its: ODD }),
        inBody: JSON.stringify({ body: JSON.stringify({ its: ODD }) }),
      })
    })
    expect(lines).toHaveLength(4)
    for (const part of ['Sesame', 'dich', '100%']) expect(lines.join('\n')).not.toContain(part)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'with [redacted]!' })
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      error: { name: 'TypeError', message: 'refused [redacted]', cause: ['[redacted]'] },
    })
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({
      url: 'https://x.test/?t=[redacted]&u=1',
      body: '{"its":"[redacted]"}',
    })
  })

  it('does not come out as base64 either, at any place in whatever was encoded', () => {
    const secret = fc.string({ unit: 'grapheme', minLength: 12, maxLength: 80 }).filter((text) => text.isWellFormed())
    const around = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(secret, around, around, fc.constantFrom('base64', 'base64url'), (value, before, after, encoding) => {
        const secrets = knownSecrets()
        secrets.learn(tokenSecret(value))
        const clean = secrets.hide(Buffer.from(`${before}${value}${after}`).toString(encoding))
        // What is left decodes to no more than its first and last two bytes.
        expect(clean).toContain('[redacted]')
        expect(clean.length).toBeLessThan(Buffer.from(`${before}${after}`).length * 1.4 + 10 + 12)
      }),
    )
  })

  it('is a signing secret of any slot, and not the ids beside it', () => {
    const secrets = knownSecrets()
    secrets.learn(signingSecret('key-of-slot-b'))
    expect(secrets.hide('webhook-of-slot-b, key-of-slot-b')).toBe('webhook-of-slot-b, [redacted]')
  })

  it.each([['not JSON at all'], [JSON.stringify('only a text')]])('is also a paste: %s', (text) => {
    const secrets = knownSecrets()
    secrets.learn(text)
    const paste = text.replaceAll('"', '')
    expect(secrets.hide(`it is ${paste}.`)).not.toContain(paste)
  })

  it.each(['{"v":1,"token":null}', '{"v":1,"token":""}', '{"v":1,"token":"short"}', '', '[]', '{"v":1,"slots":{}}'])(
    'is none when its text is %j: nothing else is hidden for it',
    (text) => {
      const secrets = knownSecrets()
      secrets.learn(text)
      const plain = 'a short text {"v":1,"slots":{}} with null and [] in it'
      expect(secrets.hide(plain)).toBe(plain)
    },
  )

  it('is forgotten when others came after it, unless it is still read', () => {
    const secrets = knownSecrets(3)
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => randomUUID())
    for (const each of [first, second, third, first, fourth]) secrets.learn(tokenSecret(each ?? ''))
    const hidden = [first, second, third, fourth].map((each) => secrets.hide(each ?? '') === '[redacted]')
    expect(hidden).toEqual([true, false, true, true])
  })

  it('leaves the lines of another process’s log alone', () => {
    const ours = knownSecrets()
    ours.learn(tokenSecret(ODD))
    expect(redaction(knownSecrets()).text(ODD)).toBe(ODD)
    expect(redaction().text(ODD)).toBe(ODD)
  })
})

describe('the client of Secrets Manager', () => {
  it('teaches the log what it reads, and what it is about to write', async () => {
    const aws = await awsServer((request, _body, response) => {
      const reads = request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue'
      response.writeHead(reads ? 200 : 400)
      response.end(reads ? JSON.stringify({ SecretString: tokenSecret('read-from-there') }) : '{"__type":"Nope"}')
    })
    for (const [name, value] of Object.entries(awsEnv(aws.url))) vi.stubEnv(name, value)
    const secrets = knownSecrets()
    const client = secretsClient(CALL_LIMITS.worker, secrets)
    await client.send(new GetSecretValueCommand({ SecretId: 'x' }))
    const SecretString = signingSecret('about-to-be-written')
    await expect(client.send(new PutSecretValueCommand({ SecretId: 'x', SecretString }))).rejects.toThrow()
    expect(secrets.hide('read-from-there and about-to-be-written')).toBe('[redacted] and [redacted]')
  })
})
