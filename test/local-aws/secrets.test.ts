import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { clientsOf, refusalOf } from './clients.ts'

let gateway: AwsGateway
let secrets: ReturnType<typeof clientsOf>['secrets']
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

beforeAll(async () => {
  gateway = await startAwsGateway({ clock: { now: () => NOW } })
  secrets = clientsOf(gateway, 'admin').secrets
})
afterAll(() => gateway.close())

let SecretId = ''
let first = ''
let made = 0
beforeEach(async () => {
  made += 1
  SecretId = `hookline/test/${made}`
  await gateway.createSecret({ name: SecretId, value: 'one' })
  first = (await secrets.send(new GetSecretValueCommand({ SecretId }))).VersionId ?? ''
})

async function stages(): Promise<Record<string, string[]>> {
  return (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {}
}
async function put(value: string, VersionStages?: string[]): Promise<string> {
  const ClientRequestToken = randomUUID()
  await secrets.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: value, VersionStages }))
  return ClientRequestToken
}
const get = (which: { VersionId?: string; VersionStage?: string } = {}) =>
  secrets.send(new GetSecretValueCommand({ SecretId, ...which }))
const move = (VersionStage: string, from?: string, to?: string) =>
  secrets.send(
    new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId: from, MoveToVersionId: to }),
  )

describe('secrets', () => {
  it('are found by name, ARN and ARN without its suffix', async () => {
    const { ARN = '' } = await get()
    expect(ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-[A-Za-z0-9]{6}$`))
    for (const id of [ARN, ARN.slice(0, -7), SecretId]) {
      const found = await secrets.send(new GetSecretValueCommand({ SecretId: id }))
      expect(found).toMatchObject({ Name: SecretId, SecretString: 'one', VersionStages: ['AWSCURRENT'] })
      expect(found.CreatedDate).toEqual(new Date(NOW))
    }
  })

  it('are created by a client once, and a retry of the same request does nothing', async () => {
    const request = { Name: `${SecretId}/own`, SecretString: 'x', ClientRequestToken: randomUUID() }
    const created = await secrets.send(new CreateSecretCommand(request))
    expect(created.VersionId).toBe(request.ClientRequestToken)
    expect((await secrets.send(new CreateSecretCommand(request))).ARN).toBe(created.ARN)
    const again = new CreateSecretCommand({ ...request, ClientRequestToken: randomUUID() })
    expect(await refusalOf(secrets.send(again))).toMatchObject({ name: 'ResourceExistsException' })
  })

  it('may be empty, and then have no value', async () => {
    await secrets.send(new CreateSecretCommand({ Name: `${SecretId}/empty` }))
    expect(await refusalOf(secrets.send(new GetSecretValueCommand({ SecretId: `${SecretId}/empty` })))).toEqual({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    })
  })

  it('hold bytes too, but not both', async () => {
    const SecretBinary = new Uint8Array([0, 200, 255])
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretBinary }))
    const got = await get()
    expect(got.SecretBinary).toEqual(SecretBinary)
    expect(got.SecretString).toBeUndefined()
    const both = new PutSecretValueCommand({ SecretId, SecretBinary, SecretString: 'x' })
    expect(await refusalOf(secrets.send(both))).toMatchObject({ name: 'InvalidParameterException' })
  })

  it('are listed with their tags', async () => {
    await secrets.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'connection', Value: 'main' }] }))
    const { SecretList } = await secrets.send(new ListSecretsCommand())
    expect(SecretList?.find(({ Name }) => Name === SecretId)).toMatchObject({
      Tags: [{ Key: 'connection', Value: 'main' }],
      SecretVersionsToStages: { [first]: ['AWSCURRENT'] },
    })
  })

  it('cannot be used when marked for deletion, and get another ARN when made anew', async () => {
    const { ARN } = await get()
    await secrets.send(new DeleteSecretCommand({ SecretId }))
    expect(await refusalOf(get())).toMatchObject({ name: 'InvalidRequestException' })
    expect(await refusalOf(secrets.send(new CreateSecretCommand({ Name: SecretId })))).toMatchObject({
      name: 'InvalidRequestException',
    })
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    await expect(get()).rejects.toBeInstanceOf(ResourceNotFoundException)
    const anew = await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }))
    expect(anew.ARN).not.toBe(ARN)
  })

  it('say what they are not asked rightly for', async () => {
    expect(await refusalOf(secrets.send(new GetSecretValueCommand({ SecretId: 'none' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    })
    expect(await refusalOf(get({ VersionId: randomUUID() }))).toMatchObject({ name: 'ResourceNotFoundException' })
    expect(await refusalOf(get({ VersionStage: 'nope' }))).toMatchObject({ name: 'ResourceNotFoundException' })
    const second = await put('two')
    expect(await refusalOf(get({ VersionId: second, VersionStage: 'AWSPREVIOUS' }))).toMatchObject({
      name: 'InvalidRequestException',
    })
    await expect(get({ VersionId: second, VersionStage: 'AWSCURRENT' })).resolves.toMatchObject({ SecretString: 'two' })
  })
})

describe('versions and their labels', () => {
  it('a new value is current, the last one previous, older ones without a label', async () => {
    const second = await put('two')
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] })
    const third = await put('three')
    expect(await stages()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] })
    expect(await get({ VersionId: first })).toMatchObject({ SecretString: 'one', VersionStages: [] })
    const list = (IncludeDeprecated: boolean) =>
      secrets.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated }))
    expect((await list(false)).Versions?.map(({ VersionId }) => VersionId)).toEqual([second, third])
    expect((await list(true)).Versions?.map(({ VersionId }) => VersionId)).toEqual([first, second, third])
  })

  it('a value with labels of its own leaves the current one', async () => {
    const candidate = await put('two', ['CANDIDATE'])
    expect(await stages()).toEqual({ [first]: ['AWSCURRENT'], [candidate]: ['CANDIDATE'] })
    expect(await get()).toMatchObject({ SecretString: 'one' })
    expect(await get({ VersionStage: 'CANDIDATE' })).toMatchObject({ SecretString: 'two' })
  })

  it('the first value is current whatever its labels', async () => {
    SecretId = `${SecretId}/first`
    await secrets.send(new CreateSecretCommand({ Name: SecretId }))
    const only = await put('one', ['CANDIDATE'])
    expect((await stages())[only]?.toSorted()).toEqual(['AWSCURRENT', 'CANDIDATE'])
  })

  it('a label given to a new version leaves the version that had it', async () => {
    const one = await put('two', ['CANDIDATE', 'KEPT'])
    const two = await put('three', ['CANDIDATE'])
    expect(await stages()).toMatchObject({ [one]: ['KEPT'], [two]: ['CANDIDATE'] })
  })

  it('the same token with the same value does nothing, with another value is refused', async () => {
    const second = await put('two')
    const third = await put('three')
    const retry = (SecretString: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: second, SecretString }))
    await retry('two')
    expect(await stages()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] })
    expect(await refusalOf(retry('other'))).toMatchObject({ name: 'ResourceExistsException' })
  })

  it('AWSCURRENT is moved on and back, AWSPREVIOUS follows', async () => {
    const second = await put('two', ['AWSPENDING'])
    await move('AWSCURRENT', first, second)
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSPENDING', 'AWSCURRENT'] })
    await move('AWSPENDING', second)
    await move('AWSCURRENT', second, first)
    expect(await stages()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] })
  })

  it.each<{ name: string; call: (second: string) => Promise<unknown>; code: string }>([
    {
      name: 'AWSCURRENT without saying from where',
      call: (second) => move('AWSCURRENT', undefined, second),
      code: 'InvalidParameterException',
    },
    {
      name: 'AWSCURRENT from a version that has it not',
      call: (second) => move('AWSCURRENT', second, second),
      code: 'InvalidParameterException',
    },
    { name: 'AWSCURRENT to nowhere', call: () => move('AWSCURRENT', first), code: 'InvalidParameterException' },
    {
      name: 'a label to a version that is not',
      call: () => move('AWSCURRENT', first, randomUUID()),
      code: 'ResourceNotFoundException',
    },
    {
      name: 'a label off a version that has it not',
      call: () => move('CANDIDATE', first),
      code: 'InvalidParameterException',
    },
  ])('a move is refused: $name', async ({ call, code }) => {
    const second = await put('two', ['CANDIDATE'])
    const before = await stages()
    expect(await refusalOf(call(second))).toMatchObject({ name: code })
    expect(await stages()).toEqual(before)
  })

  it('versions without a label make room after the hundredth', async () => {
    for (let at = 0; at < 101; at += 1) await put(`value ${at}`)
    const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }))
    expect(Versions).toHaveLength(100)
    expect(Versions.map(({ VersionId }) => VersionId)).not.toContain(first)
    expect(await get()).toMatchObject({ SecretString: 'value 100' })
  })
})
