import { expect, test } from 'vitest'
import { knownSecrets } from '../../core/platform/known-secrets.ts'
import { redaction } from '../../core/platform/log.ts'
import { keyHolder, modelKeyText, parseModelKey, readModelKey } from '../../core/secrets/model-key.ts'

const KEY = `sk-${'ant'}-0123456789abcdefghij`

const HOLDER = keyHolder({ provider: 'anthropic' })

test('a key, or none yet', async () => {
  expect(parseModelKey(modelKeyText(KEY, HOLDER), HOLDER)).toBe(KEY)
  expect(parseModelKey('{"v":1,"key":null}', HOLDER)).toBeNull()
  const read = async (name: string) => JSON.stringify({ v: 1, key: name })
  expect(await readModelKey(read, 'hookline/dev/model', HOLDER)).toBe('hookline/dev/model')
})

test('a key is shown to nobody but whom it was brought for', () => {
  const [one, other] = ['https://one.test/v1', 'https://other.test/v1'].map((baseUrl) =>
    keyHolder({ provider: 'openai-compatible', baseUrl }),
  )
  const text = modelKeyText(KEY, one ?? '')
  expect([HOLDER, one ?? '', other ?? ''].map((holder) => parseModelKey(text, holder))).toEqual([null, KEY, null])
  expect(keyHolder({ provider: 'openai-compatible', baseUrl: 'https://one.test/v2/' })).toBe(one)
})

test.each([
  [KEY, 'The model secret is not JSON.'],
  [`{"v":2,"key":"${KEY}"}`, 'The model secret has not the expected form: v.'],
  ['{"v":1,"key":""}', 'The model secret has not the expected form: key.'],
])('what is none is an error that quotes nothing of it', (text, message) => {
  expect(() => parseModelKey(text, HOLDER)).toThrow(new Error(message))
})

test('it comes into no log: not the one that was read, nor any that looks like one', () => {
  const secrets = knownSecrets()
  const odd = 'a key of no shape'
  secrets.learn(modelKeyText(odd, HOLDER))
  const { text } = redaction(secrets)
  expect(text(`with ${odd} in it`)).toBe('with [redacted] in it')
  expect(redaction().text(`key ${KEY}, and a task-${'0123456789abcdefghij'}`)).toBe(
    'key [redacted], and a task-0123456789abcdefghij',
  )
})
