import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName } from '../../core/platform/names.ts'
import { buildGuard } from '../../functions/guard/services.ts'
import { buildServices } from '../../functions/verifier/services.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf } from '../local-aws/clients.ts'
import { awsEnv } from '../platform/aws-server.ts'
import { CONNECTION } from '../support/consumer.ts'

const SecretId = signingSecretName('dev', CONNECTION.name)
const textOf = (secret: string) => JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } })

let gateway: AwsGateway
beforeEach(async () => {
  gateway = await startAwsGateway()
  const environment = awsEnv(gateway.url)
  gateway.admit({ accessKeyId: environment.AWS_ACCESS_KEY_ID, name: 'function', statements: 'all' })
  await gateway.createSecret({ name: SecretId, value: textOf('old') })
  const variables = {
    ...environment,
    [ENV.stage]: 'dev',
    [ENV.connections]: JSON.stringify([CONNECTION]),
    [ENV.stateTable]: 'state',
    [ENV.apiUrl]: 'http://127.0.0.1:9',
    [ENV.deliveriesQueueUrl]: `${gateway.url}/1/deliveries`,
    [ENV.jobsQueueUrl]: `${gateway.url}/1/jobs`,
    [ENV.guardQueueUrl]: `${gateway.url}/1/guard`,
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
})
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  await gateway.close()
})

/** What a verifier takes for the secret when it has been changed and so much time has passed. */
async function afterMs(ms: number): Promise<string | undefined> {
  const { secrets } = buildServices()
  expect((await secrets.get(CONNECTION.name)).slots.a?.secret).toBe('old')
  const client = clientsOf(gateway, 'operator').secrets
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: textOf('new') }))
  client.destroy()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  return (await secrets.get(CONNECTION.name)).slots.a?.secret
}

it('a verifier keeps a signing secret for five minutes', async () => {
  expect(await afterMs(299_000)).toBe('old')
})

it('and for as long as the variable says', async () => {
  vi.stubEnv(ENV.signingCache, '{"lifeMs":2000}')
  expect(await afterMs(2_001)).toBe('new')
})

it('the guard waits as long as verifiers take, by the same variable', () => {
  const waitMs = () => buildGuard().servicesOf(CONNECTION.name, Number.POSITIVE_INFINITY).waitMs
  expect(waitMs()).toBe(35_000)
  vi.stubEnv(ENV.signingCache, '{"refreshEveryMs":1000}')
  expect(waitMs()).toBe(2_000)
})

it('a variable that says nothing usable is a mistake, not the default', () => {
  vi.stubEnv(ENV.signingCache, '{"lifeMs":"long"}')
  expect(() => buildServices()).toThrow(ENV.signingCache)
  expect(() => buildGuard()).toThrow(ENV.signingCache)
})
