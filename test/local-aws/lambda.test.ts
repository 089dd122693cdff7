import {
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { eventually, refusalOf } from './clients.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work'

let gateway: AwsGateway
let lambda: LambdaClient
let fed: string[]
/** What taking the queue away from the function waits for. */
let idle: PromiseWithResolvers<void>

const clientFor = (statements: Statement[] | 'all') => {
  gateway.admit({ accessKeyId: 'OPERATOR', name: 'operator', statements })
  const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'none' }
  return new LambdaClient({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
}

beforeEach(async () => {
  gateway = await startAwsGateway()
  lambda = clientFor('all')
  fed = []
  idle = Promise.withResolvers()
  gateway.lambda.addFunction({
    ...{ name: 'worker', arn: ARN, description: 'Works', runtime: 'nodejs24.x', handler: 'index.handler' },
    ...{ timeoutSeconds: 60, memoryMb: 512, roleArn: 'arn:aws:iam::000000000000:role/worker', logGroup: '/worker' },
    ...{ environment: { STAGE: 'dev' }, recursiveLoop: 'Allow', versions: ['1'] },
    aliases: [{ name: 'live', arn: `${ARN}:live`, version: '1' }],
  })
  for (const [uuid, queueArn] of [
    ['m1', QUEUE],
    ['m2', `${QUEUE}-other`],
  ] as const)
    gateway.lambda.addMapping({
      ...{ uuid, functionArn: ARN, queueArn, batchSize: 10, windowSeconds: 0, reportsFailures: true },
      ...{ maximumConcurrency: 2, enabled: true },
      enable: () => void fed.push(`${uuid} on`),
      disable: async () => {
        await idle.promise
        fed.push(`${uuid} off`)
      },
    })
})
afterEach(async () => {
  lambda.destroy()
  await gateway.close()
})

const stateOf = async (UUID: string) => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State
const update = (UUID: string, Enabled: boolean) => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))
const becomes = (uuid: string, state: string) =>
  eventually(async () => ((await stateOf(uuid)) === state ? true : undefined))

describe('an event source mapping', () => {
  test('is listed by its queue or its function, page by page', async () => {
    const { EventSourceMappings: ofQueue } = await lambda.send(
      new ListEventSourceMappingsCommand({ EventSourceArn: QUEUE }),
    )
    expect(ofQueue).toEqual([
      {
        ...{ UUID: 'm1', EventSourceArn: QUEUE, FunctionArn: ARN, BatchSize: 10, MaximumBatchingWindowInSeconds: 0 },
        EventSourceMappingArn: 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:m1',
        ...{ State: 'Enabled', StateTransitionReason: 'USER_INITIATED', LastModified: expect.any(Date) },
        ...{ FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 2 } },
      },
    ])
    const first = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'worker', MaxItems: 1 }))
    const second = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: ARN, MaxItems: 1, Marker: first.NextMarker }),
    )
    const ids = [first, second].flatMap(({ EventSourceMappings = [] }) => EventSourceMappings.map(({ UUID }) => UUID))
    expect([ids, second.NextMarker]).toEqual([['m1', 'm2'], undefined])
  })

  test('is switched off when nothing is asked of its queue any more, and on again', async () => {
    expect((await update('m1', false)).State).toBe('Disabling')
    expect(await stateOf('m1')).toBe('Disabling')
    expect(await refusalOf(update('m1', true))).toMatchObject({ name: 'ResourceInUseException' })
    expect(fed).toEqual([])
    idle.resolve()
    await becomes('m1', 'Disabled')
    expect((await update('m1', false)).State).toBe('Disabled')
    expect((await update('m1', true)).State).toBe('Enabling')
    await becomes('m1', 'Enabled')
    expect([fed, await stateOf('m2')]).toEqual([['m1 off', 'm1 on'], 'Enabled'])
  })

  test('that is not there, or of which something else is to be changed, is refused', async () => {
    expect(await refusalOf(update('m3', false))).toMatchObject({ name: 'ResourceNotFoundException' })
    const batch = new UpdateEventSourceMappingCommand({ UUID: 'm1', BatchSize: 5 })
    expect(await refusalOf(lambda.send(batch))).toMatchObject({ name: 'InvalidParameterValueException' })
  })

  test('is switched only by who may', async () => {
    lambda.destroy()
    const mapping = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:m1'
    lambda = clientFor([
      {
        effect: 'Allow',
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: [mapping],
      },
    ])
    expect(await stateOf('m1')).toBe('Enabled')
    expect((await update('m1', false)).State).toBe('Disabling')
    const refused = await refusalOf(update('m2', false))
    expect(refused).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('lambda:UpdateEventSourceMapping'),
    })
  })
})

describe('a function', () => {
  test('is told with its configuration, by name, ARN, version or alias', async () => {
    const common = {
      FunctionName: 'worker',
      Timeout: 60,
      MemorySize: 512,
      Environment: { Variables: { STAGE: 'dev' } },
    }
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: ARN }))
    expect(Configuration).toMatchObject({ ...common, FunctionArn: ARN, Version: '$LATEST' })
    const byAlias = new GetFunctionConfigurationCommand({ FunctionName: 'worker', Qualifier: 'live' })
    expect(await lambda.send(byAlias)).toMatchObject({ ...common, FunctionArn: `${ARN}:live`, Version: '1' })
    const missing = new GetFunctionCommand({ FunctionName: 'worker', Qualifier: '2' })
    expect(await refusalOf(lambda.send(missing))).toMatchObject({ name: 'ResourceNotFoundException' })
  })

  test('tells its aliases, and what becomes of its loops', async () => {
    const alias = { Name: 'live', AliasArn: `${ARN}:live`, FunctionVersion: '1' }
    const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName: 'worker' }))
    expect(Aliases).toMatchObject([alias])
    expect(await lambda.send(new GetAliasCommand({ FunctionName: 'worker', Name: 'live' }))).toMatchObject(alias)
    const none = new GetAliasCommand({ FunctionName: 'worker', Name: 'next' })
    expect(await refusalOf(lambda.send(none))).toMatchObject({ name: 'ResourceNotFoundException' })
    const { RecursiveLoop } = await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: 'worker' }))
    expect(RecursiveLoop).toBe('Allow')
  })
})
