import { describe, expect, it } from 'vitest'
import { parseSigningSecret, secretOfSlot } from '../../core/secrets/signing.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'

const TOKEN = `${'pk'}_12345_ABCDEF`

describe('a signing secret', () => {
  it('has a key per slot', () => {
    const secret = parseSigningSecret(
      '{"v":1,"slots":{"a":{"webhookId":"w","secret":"k","state":"active","since":1},"b":{"webhookId":null,"secret":"","state":"pending"}}}',
    )
    expect([secretOfSlot(secret, 'a'), secretOfSlot(secret, 'b')]).toEqual(['k', ''])
  })

  it('may have no slot yet', () => {
    expect(secretOfSlot(parseSigningSecret('{"v":1,"slots":{}}'), 'a')).toBeUndefined()
  })

  it.each([
    [TOKEN, 'The signing secret is not JSON.'],
    [`{"v":2,"slots":"${TOKEN}"}`, 'The signing secret has not the expected form: v, slots.'],
    [
      `{"v":1,"slots":{"a":{"webhookId":"w","secret":1,"state":"${TOKEN}"}}}`,
      'The signing secret has not the expected form: slots.a.secret, slots.a.state.',
    ],
    ['null', 'The signing secret has not the expected form: the whole.'],
  ])('that is not one is an error that quotes nothing of it', (text, message) => {
    expect(() => parseSigningSecret(text)).toThrow(new Error(message))
  })
})

describe('a token secret', () => {
  it('holds a token, or none yet', () => {
    expect(parseTokenSecret(JSON.stringify({ v: 1, token: TOKEN }))).toEqual({ v: 1, token: TOKEN })
    expect(parseTokenSecret('{"v":1,"token":null}').token).toBeNull()
  })

  it('is not empty text', () => {
    expect(() => parseTokenSecret('{"v":1,"token":""}')).toThrow('The token secret has not the expected form: token.')
  })
})
