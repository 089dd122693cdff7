import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { openClients } from '../../cli/clients.ts'
import { modelSecretName } from '../../core/platform/names.ts'
import { keyHolder, modelKeyText } from '../../core/secrets/model-key.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import type { Script } from '../../local/model/behaviours.ts'
import { type ModelServer, startModelServer } from '../../local/model/server.ts'
import { NOW } from './stack.ts'
import { stateOf } from './states.ts'
import { startTold, type ToldStack } from './told.ts'

const KEY = 'k'.repeat(20)
const CAPS = { dayUsd: 1, monthUsd: 10 }

let stack: ToldStack
let server: ModelServer
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC')
  server = await startModelServer({ seed: 3, key: KEY })
  stack = await startTold()
  await stack.gateway.createSecret({
    name: modelSecretName('dev'),
    value: modelKeyText(KEY, keyHolder({ provider: 'openai-compatible', baseUrl: server.openaiUrl })),
  })
})
beforeEach(() => {
  server.behave('good')
  configure()
})
afterEach(() => rmSync(join(stack.cwd, 'prompts'), { recursive: true, force: true }))
afterAll(async () => {
  await stack.close()
  await server.close()
})

function configure(over: { caps?: typeof CAPS; behaviour?: Script } = {}) {
  if (over.behaviour !== undefined) server.behave(over.behaviour)
  stack.configure({
    model: {
      ...{ provider: 'openai-compatible', id: 'small-1', baseUrl: server.openaiUrl, price: { input: 1, output: 2 } },
      timeoutSeconds: 5,
    },
    caps: over.caps ?? CAPS,
    summaries: [{ name: 'platform', to: { event: true } }],
  })
}

const asked = async (ask: () => Promise<unknown>) => {
  const before = server.requests().length
  await ask()
  return server.requests().length - before
}
const spent = () => createSpending({ ...stateOf(stack), clock: { now: () => NOW } }, CAPS).look()

test('is told by the model, with what it took, which counts for the caps', async () => {
  const before = await spent()
  const { status, out, err } = await stack.hookline([])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  for (const named of ['Fix the login', 'Move the database', 'Renew certificates']) expect(out).toContain(named)
  expect(out).toMatch(/small-1, v1 · \d+ statements · \d+ tokens in and \d+ out · 0\.\d+ US\$ · /)
  expect((await spent()).todayUsd).toBeGreaterThan(before.todayUsd)
  expect(out + err).not.toContain(KEY)
})

test('people are not named to the model, and tasks are', async () => {
  await stack.hookline([])
  const data = server.requests().at(-1)?.asked?.data ?? ''
  expect(data).toContain('Fix the login')
  expect(data).not.toContain('Ada')
})

test('--template asks nobody', async () => {
  let out = ''
  const requests = await asked(async () => {
    out = (await stack.hookline(['--template'])).out
  })
  expect(requests).toBe(0)
  expect(out).toContain('Fix the login')
  expect(out).not.toContain('tokens in')
})

test('a cap that is reached asks nobody, tells by template, and says so', async () => {
  configure({ caps: { dayUsd: 0, monthUsd: 0 } })
  const requests = await asked(async () => {
    const { status, out, err } = await stack.hookline([])
    expect(status).toBe(0)
    expect(out).toContain('Fix the login')
    expect(err).toMatch(/cap of a day.*standup\.caps/)
  })
  expect(requests).toBe(0)
})

test.each<[Script, RegExp]>([
  ['serverError', /cannot answer at the moment/],
  ['noRight', /./],
  ['notJson', /cannot be used/],
])('a model that misbehaves (%s) costs the digest nothing, and is said to', async (behaviour, said) => {
  configure({ behaviour })
  const { status, out, err } = await stack.hookline([])
  expect(status).toBe(0)
  expect(out).toContain('Fix the login')
  expect(out).toContain('Told by template')
  expect(err).toMatch(said)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

test('Bedrock is asked with the operator’s own credentials, and not with those of the local stack', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'OPERATOR')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-of-the-operator')
  stack.configure({ model: { region: 'eu-west-1' }, summaries: [{ name: 'platform', to: { event: true } }] })
  const bedrock = await startModelServer({ seed: 3 })
  vi.stubEnv('MODEL_API_URL', bedrock.url)
  try {
    const { status, out, err } = await stack.hookline([])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain('Told by amazon.nova-lite-v1:0 (bedrock)')
    expect(bedrock.requests()).toMatchObject([{ protocol: 'bedrock', path: /\/model\/eu\.amazon\.nova-lite-v1/ }])
  } finally {
    await bedrock.close()
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MODEL_API_URL']) vi.stubEnv(name, undefined)
  }
})

test('without the key that Anthropic wants it is told by template, with what to do', async () => {
  const { credentials, region } = stack.local
  const clients = openClients({ credentials, region }, { secretsmanager: stack.url })
  const put = (SecretString: string) =>
    clients.secrets.send(new PutSecretValueCommand({ SecretId: modelSecretName('dev'), SecretString }))
  try {
    stack.configure({
      model: { provider: 'anthropic', id: 'claude-haiku-4-5' },
      summaries: [{ name: 'platform', to: { event: true } }],
    })
    expect((await stack.hookline([])).err).toBe('Anthropic wants a key: npx hookline rotate model-key\n')
  } finally {
    await put(modelKeyText(KEY, keyHolder({ provider: 'openai-compatible', baseUrl: server.openaiUrl })))
    clients.close()
  }
})

const compared = z.object({
  name: z.literal('platform'),
  day: z.string(),
  told: z.boolean(),
  versions: z.array(
    z.object({
      prompt: z.string(),
      facts: z.array(z.string()),
      summary: z.looseObject({ tokens: z.object({ input: z.number() }), costUsd: z.number() }),
    }),
  ),
  differences: z.array(
    z.object({ fact: z.string(), text: z.string(), in: z.array(z.string()), notIn: z.array(z.string()) }),
  ),
})

test('--prompt tells the same material once by each version, and what they tell differently', async () => {
  const own = join(stack.copyPrompts(), 'standup')
  writeFileSync(
    join(own, 'v2.md'),
    'Tell what happened, for {{audience}}. Be brief, and rest each sentence on facts.\n',
  )
  // It lacks a word that v1 has, so that who is working on what is removed; nobody must tell of that.
  const words = readFileSync(join(own, 'v1.words.txt'), 'utf8')
  writeFileSync(join(own, 'v2.words.txt'), words.replaceAll(/(?<!^)\bworking\b|^working$/gm, ''))
  const { status, out, err } = await stack.hookline(['platform', '--dry-run', '--prompt', 'v1,v2'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out.match(/^== .*$/gm)).toEqual(['== v1', '== v2', '== What differs'])
  expect(out.match(/tokens in and/g)).toHaveLength(2)
  const answer = compared.parse(
    JSON.parse((await stack.hookline(['platform', '--dry-run', '--json', '--prompt', 'v1,v2'])).out),
  )
  expect(answer).toMatchObject({ day: '2026-09-09', told: false })
  const [first, second] = answer.versions
  expect([first?.prompt, second?.prompt]).toEqual(['v1', 'v2'])
  expect(first?.summary.tokens.input).not.toBe(second?.summary.tokens.input)
  // What differs is what one rests on and the other does not, and nothing else.
  const differ = (first?.facts ?? []).filter((fact) => second?.facts.includes(fact) === false)
  expect(differ).not.toEqual([])
  expect(answer.differences.map(({ fact }) => fact)).toEqual(differ)
  expect(answer.differences[0]).toMatchObject({ text: 'working: Ada', in: ['v1'], notIn: ['v2'] })
  expect(out).toContain('v1 and not v2: working: Ada')
  expect(stack.comments()).toEqual([])
})

test('a version without its word list, or without its file, is named before anything is asked', async () => {
  const own = join(stack.copyPrompts(), 'standup')
  writeFileSync(join(own, 'v2.md'), 'Tell what happened.\n')
  expect(
    await asked(async () => {
      expect((await stack.hookline(['--prompt', 'v2'])).err).toMatch(
        /v2\.md has no word list: copy .* There is v1, v2\.\n$/,
      )
      expect((await stack.hookline(['--prompt', 'v1,v3'])).err).toMatch(/There is no prompt prompts\/standup\/v3\.md/)
    }),
  ).toBe(0)
})
