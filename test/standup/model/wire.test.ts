import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { formOf, openForm } from '../../../core/standup/model/form.ts'
import { startAwsGateway } from '../../../local/aws/gateway.ts'
import type { ModelRequest } from '../../../local/model/server.ts'
import { startDynamo } from '../../support/dynamo.ts'
import {
  AWS,
  answerSchema,
  baseUrlOf,
  DATA,
  KEY,
  PROVIDERS,
  QUESTION,
  type Store,
  startWorld,
  type World,
} from './support.ts'

let store: Store
let world: World
beforeAll(async () => {
  store = await startDynamo()
})
afterAll(() => store.close())
beforeEach(async () => {
  world = await startWorld(store, { key: KEY })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await world.close()
})

const only = (): ModelRequest => {
  const [request, ...others] = world.server.requests()
  expect(others).toEqual([])
  if (request === undefined) throw new Error('Nobody was asked.')
  return request
}

test.each(PROVIDERS)('%s is asked once, and its answer comes with its tokens and what they cost', async (provider) => {
  const { ask, spend } = await world.model(provider)
  const said = await ask(QUESTION)
  const { tokens } = only()
  const { input = 0, output = 0 } = tokens ?? {}
  expect(said).toEqual({
    ...{ kind: 'said', provider, tokens: { input, output }, costUsd: (input * 1 + output * 5) / 1e6 },
    model: { bedrock: 'amazon.nova-lite-v1:0', 'openai-compatible': 'small', anthropic: 'claude-haiku-4-5' }[provider],
    value: {
      statements: expect.arrayContaining([expect.objectContaining({ section: 'done', cites: ['f1'] })]),
    },
  })
  expect(await spend.look()).toMatchObject({ todayUsd: (input + output * 5) / 1e6, failuresInARow: 0 })
  expect(world.counted).toEqual([
    ['ModelTokens', input + output],
    ['ModelCost', input + output * 5],
    ['ModelFailuresInARow', 0],
  ])
})

test.each(PROVIDERS)(
  '%s gets the data apart from the instructions, and a form with nothing optional in it',
  async (provider) => {
    const { ask } = await world.model(provider)
    await ask(QUESTION)
    const { asked } = only()
    expect(asked).toMatchObject({ instructions: QUESTION.instructions, data: DATA, mostTokens: 1_500 })
    const form = formOf(answerSchema)
    expect(asked?.form).toEqual(provider === 'bedrock' ? openForm(form) : form)
    const statement = { required: ['section', 'text', 'cites'] }
    expect(asked?.form).toMatchObject({ required: ['statements'], properties: { statements: { items: statement } } })
    // Amazon's models refuse any other word at the top, and OpenAI's strict mode wants this one.
    const hasClosed = JSON.stringify(asked?.form).includes('additionalProperties')
    expect(hasClosed).toBe(provider !== 'bedrock')
  },
)

test('an OpenAI-compatible server is held to the schema strictly, and may want no key', async () => {
  const open = await startWorld(store)
  const { ask } = await open.model('openai-compatible', { services: { key: async () => null } })
  expect((await ask(QUESTION)).kind).toBe('said')
  const [request] = open.server.requests()
  expect(request?.key).toBeNull()
  expect(request?.body).toMatchObject({
    ...{ model: 'small', temperature: 0, max_tokens: 1_500 },
    response_format: { type: 'json_schema', json_schema: { strict: true } },
  })
  await open.close()
})

test.each([
  'https://api.openai.com/v1',
  'https://eu.api.openai.com/v1',
  'https://northwind.openai.azure.com/openai/v1',
])('OpenAI gets the name of the limit that all of its models take, and no temperature, at %s', async (baseUrl) => {
  const bodies: unknown[] = []
  const { ask } = await world.model('openai-compatible', {
    services: {
      baseUrl,
      fetch: async (_, init) => {
        bodies.push(JSON.parse(String(init?.body)))
        return fetch(`${world.server.openaiUrl}/chat/completions`, init)
      },
    },
  })
  expect((await ask(QUESTION)).kind).toBe('said')
  const [body] = bodies
  expect(body).toMatchObject({ max_completion_tokens: 1_500 })
  expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['max_tokens']))
  expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['temperature']))
})

test('Bedrock is asked by the profile of the region’s geography, signed with the role’s credentials', async () => {
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', `bearer-${'of-somebody-else'}`)
  const seen: (string | null)[] = []
  const { ask } = await world.model('bedrock', {
    services: {
      fetch: async (url, init) => {
        seen.push(new Headers(init?.headers).get('authorization'))
        return fetch(url, init)
      },
    },
  })
  expect((await ask(QUESTION)).kind).toBe('said')
  expect(seen).toEqual([
    expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDLOCAL\/\d{8}\/eu-central-1\/bedrock\/aws4_request/),
  ])
  expect(only().path).toBe('/model/eu.amazon.nova-lite-v1%3A0/converse')
  expect(only().body).toMatchObject({ inferenceConfig: { maxTokens: 1_500, temperature: 0 } })
})

test('Bedrock signs with what Lambda gives where nobody gives credentials, and asks the region of the settings', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', AWS.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', AWS.secretAccessKey)
  const { ask } = await world.model('bedrock', {
    ...{ settings: { region: 'us-west-2' }, services: { awsCredentials: undefined } },
  })
  expect((await ask(QUESTION)).kind).toBe('said')
  expect(only().path).toBe('/model/us.amazon.nova-lite-v1%3A0/converse')
})

test('Bedrock without an address of its own is found as every client of AWS finds its service', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', baseUrlOf(world.server, 'bedrock'))
  const { ask } = await world.model('bedrock', { services: { baseUrl: undefined } })
  expect((await ask(QUESTION)).kind).toBe('said')
})

test('the embedded AWS has no Bedrock, and says so instead of another one being asked', async () => {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: AWS.accessKeyId, name: 'function', statements: 'all' })
  vi.stubEnv('AWS_ENDPOINT_URL', gateway.url)
  const { ask } = await world.model('bedrock', { services: { baseUrl: undefined } })
  expect(await ask(QUESTION)).toMatchObject({ kind: 'nothing', why: 'denied', costUsd: 0 })
  await gateway.close()
})

test('keys and addresses in the environment are nobody’s concern', async () => {
  for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'OPENAI_API_KEY'])
    vi.stubEnv(name, 'somebody-else-s')
  for (const name of ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL']) vi.stubEnv(name, 'http://127.0.0.1:1')
  const keys: (string | null)[] = []
  const spy: typeof fetch = async (url, init) => {
    const headers = new Headers(init?.headers)
    keys.push(headers.get('x-api-key'), headers.get('authorization'))
    return fetch(url, init)
  }
  const anthropic = await world.model('anthropic', { services: { fetch: spy } })
  expect((await anthropic.ask(QUESTION)).kind).toBe('said')
  const openai = await world.model('openai-compatible', { services: { fetch: spy } })
  expect((await openai.ask(QUESTION)).kind).toBe('said')
  expect(keys).toEqual([KEY, null, null, `Bearer ${KEY}`])
  // Nor are they taken where the secret holds none.
  const none = await world.model('anthropic', { services: { fetch: spy, key: async () => null } })
  expect(await none.ask(QUESTION)).toMatchObject({ kind: 'nothing', why: 'noKey' })
  expect(keys).toHaveLength(4)
})
