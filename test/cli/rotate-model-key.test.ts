import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openClients } from '../../cli/clients.ts'
import type { Input } from '../../cli/input.ts'
import { main } from '../../cli/main.ts'
import { modelSecretName } from '../../core/platform/names.ts'
import { keyHolder, readModelKey } from '../../core/secrets/model-key.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { answering, piped } from './rotated.ts'
import { directory, NOW, type Stack, startStack } from './stack.ts'

const NAME = modelSecretName('dev')
const KEY = `sk-${'test'}-new-0123456789abcdef`

let stack: Stack
let home: ReturnType<typeof directory>
let secrets: ReturnType<typeof openClients>['secrets']
beforeEach(async () => {
  stack = await startStack()
  home = directory({ ...stack.local, stage: 'dev' })
  configure({ provider: 'anthropic', id: 'claude-haiku-4-5' })
  secrets = openClients(
    { credentials: stack.local.credentials, region: stack.local.region },
    { secretsmanager: stack.url },
  ).secrets
})
afterEach(async () => {
  vi.unstubAllEnvs()
  home.remove()
  secrets.destroy()
  await stack.close()
})

let configs = 0
/** What the config says of the model from now on. */
function configure(model: object): void {
  configs += 1
  const path = join(home.path, `config-${configs}.ts`)
  const standup = { model, summaries: [{ name: 'daily', to: { event: true } }] }
  writeFileSync(path, `export default ${JSON.stringify({ stage: 'dev', standup })}\n`)
  vi.stubEnv('HOOKLINE_CONFIG', path)
}

/** As the template makes it. */
const deployed = (text = '{"v":1,"key":null}') =>
  secrets.send(new CreateSecretCommand({ Name: NAME, SecretString: text }))
const stored = (holder = keyHolder({ provider: 'anthropic' })) =>
  readModelKey(secretsManagerSource(secrets), NAME, holder)

async function rotate(args: readonly string[], input?: Input) {
  const [out, err]: [string[], string[]] = [[], []]
  const status = await main(['rotate', 'model-key', ...args], {
    write: (text) => void out.push(text),
    note: (line) => void err.push(`${line}\n`),
    ...{ columns: 80, colours: false, now: () => NOW, cwd: home.path },
    ...(input === undefined ? {} : { input }),
  })
  // Whatever happens, the key is nowhere to be seen.
  const ran = { status, out: out.join(''), err: err.join('') }
  expect(ran.out + ran.err).not.toContain(KEY)
  return ran
}

test('asks for the key in hidden, and stores it where the function reads it', async () => {
  await deployed()
  const input = answering([KEY])
  const { status, out, err } = await rotate([], input)
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^The key is stored and taken up within a minute\./)
  expect(input.asked).toEqual(["Key of the model's provider (it is not shown): "])
  expect(await stored()).toBe(KEY)
})

test('takes the key from standard input, and the one in use changes nothing', async () => {
  await deployed()
  const first = await rotate(['--key-stdin', '--json'], piped(`${KEY}\n`))
  expect(JSON.parse(first.out)).toEqual({ target: 'local stack', outcome: 'done' })
  const versions = async () =>
    Object.keys((await secrets.send(new DescribeSecretCommand({ SecretId: NAME }))).VersionIdsToStages ?? {})
  const before = await versions()
  const again = await rotate(['--key-stdin'], piped(KEY))
  expect(again).toMatchObject({ status: 0, out: 'That is the key that is in use already: nothing was changed.\n' })
  expect(await versions()).toEqual(before)
})

test('the key is for the model of the config alone: the next one wants its own, also where that is the same', async () => {
  await deployed()
  await rotate(['--key-stdin'], piped(KEY))
  const baseUrl = 'https://models.example.com/v1'
  configure({ provider: 'openai-compatible', id: 'small', baseUrl, price: { input: 0, output: 0 } })
  const other = keyHolder({ provider: 'openai-compatible', baseUrl })
  expect(await stored(other)).toBeNull()
  expect((await rotate(['--key-stdin'], piped(KEY))).out).toMatch(/^The key is stored/)
  expect([await stored(other), await stored()]).toEqual([KEY, null])
})

test('without a model that wants a key in the config nobody is asked for one', async () => {
  await deployed()
  configure({ provider: 'bedrock' })
  const input = answering([KEY])
  expect(await rotate([], input)).toMatchObject({
    status: 1,
    err: 'hookline: No model that wants a key stands in the config: set standup.model, deploy, and bring its key then.\n',
  })
  expect(input.asked).toEqual([])
})

test('replaces what somebody has pasted there by hand', async () => {
  await deployed('pasted, and no JSON')
  expect(await rotate(['--key-stdin'], piped(KEY))).toMatchObject({ status: 0 })
  expect(await stored()).toBe(KEY)
})

test('a stage whose model wants no key has no place for one, and nobody is asked', async () => {
  const input = answering([KEY])
  const { status, err } = await rotate([], input)
  expect(status).toBe(1)
  expect(err).toBe(
    'hookline: No model of local stack wants a key: Bedrock needs none; for another provider set standup.model in the config, then run npm start again.\n',
  )
  expect(input.asked).toEqual([])
})

test.each([
  ['not a key', 'hookline: That is no key: it has blanks or other characters in it.\n'],
  ['k'.repeat(1_001), 'hookline: That is no key: it has 1001 characters.\n'],
  ['', 'hookline: There is no key on standard input: pipe it in, as in: cat key.txt | ...\n'],
])('what is no key is said and not stored', async (text, said) => {
  await deployed()
  expect(await rotate(['--key-stdin'], piped(text))).toMatchObject({ status: 1, out: '', err: said })
  expect(await stored()).toBeNull()
})

test('without a terminal and without --key-stdin it says what to do', async () => {
  await deployed()
  expect((await rotate([], piped(KEY))).err).toMatch(/^hookline: A key is needed: /)
})
