import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataStackName, serviceStackName } from '../../core/platform/names.ts'
import { find, ofType, only, type Synth, synth, type Template } from './support/template.ts'

let built: Synth
let data: Template
beforeAll(() => {
  built = synth()
  data = built.data
})
afterAll(() => built.remove())

it('is protected from being taken down by mistake, and the service is not', () => {
  const isProtected = (name: string) => Reflect.get(built.app.node.findChild(name), 'terminationProtection')
  expect([dataStackName('prod'), serviceStackName('prod')].map(isProtected)).toEqual([true, false])
})

describe('tables', () => {
  it('are three, on demand, encrypted, recoverable, protected and kept when the stack goes', () => {
    const tables = ofType(data, 'AWS::DynamoDB::Table')
    expect(tables).toHaveLength(3)
    for (const table of tables) {
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      })
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    }
  })

  const table = (name: string) => find(data, 'AWS::DynamoDB::Table', ({ id }) => id.startsWith(name)).Properties
  const keys = (...names: string[]) =>
    names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }))
  const index = (IndexName: string, ...names: string[]) => ({
    IndexName,
    KeySchema: keys(...names),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  })

  it('ledger: a change by resource and time, by day, and forgotten in time', () => {
    expect(table('Ledger')).toMatchObject({
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [index('byDay', 'day', 'daySk')],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
  })

  it('tasks: a task, by list and by space, and time by day, never forgotten', () => {
    expect(table('Tasks')).toMatchObject({
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        index('byList', 'listKey', 'pk'),
        index('bySpace', 'spaceKey', 'pk'),
        index('byTimeDay', 'timeDay', 'pk'),
      ],
    })
    expect(table('Tasks')).not.toHaveProperty('TimeToLiveSpecification')
  })

  it('state: one key, and forgotten in time what says so', () => {
    expect(table('State')).toMatchObject({
      KeySchema: keys('pk'),
      TimeToLiveSpecification: { AttributeName: 'forgetAfter', Enabled: true },
    })
    expect(table('State')).not.toHaveProperty('GlobalSecondaryIndexes')
  })
})

describe('secrets', () => {
  it('are two for a connection, hold no secret, and outlive connection and stack', () => {
    const secrets = ofType(data, 'AWS::SecretsManager::Secret')
    expect(secrets.map(({ Properties }) => [Properties['Name'], Properties['SecretString']])).toEqual([
      ['hookline/prod/main/signing', '{"v":1,"slots":{}}'],
      ['hookline/prod/main/token', '{"v":1,"token":null}'],
    ])
    // Not on a creation that is rolled back: the name has to be free for the next try.
    for (const secret of secrets)
      expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })
  })
})

describe('API', () => {
  it('has its address in this stack, which depends on no other', () => {
    expect(only(data, 'AWS::ApiGatewayV2::Api').Properties).toMatchObject({ ProtocolType: 'HTTP' })
    expect(data.Outputs['ApiUrl']?.Value).toEqual({
      'Fn::GetAtt': [only(data, 'AWS::ApiGatewayV2::Api').id, 'ApiEndpoint'],
    })
    expect(JSON.stringify(data)).not.toContain('Fn::ImportValue')
    expect(JSON.stringify(data)).not.toContain('Fn::GetStackOutput')
    expect(ofType(built.service, 'AWS::ApiGatewayV2::Api')).toEqual([])
    expect(ofType(built.service, 'AWS::ApiGatewayV2::Stage')).toEqual([])
  })

  it('keeps the logical ids by which CloudFormation knows what must not be replaced', () => {
    const lasting = ['AWS::ApiGatewayV2::Api', 'AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret']
    expect(lasting.flatMap((type) => ofType(data, type)).map(({ id }) => id)).toEqual([
      'WebhooksApiA28DB082',
      'LedgerB7379752',
      'Tasks0BA6A452',
      'State1C20CC9A',
      'Signingmain9E77DDFF',
      'Tokenmain6369C5C1',
    ])
  })

  it('deploys by itself, throttles, and logs no query, header, body or authorizer', () => {
    const { Properties } = only(data, 'AWS::ApiGatewayV2::Stage')
    expect(Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [only(data, 'AWS::Logs::LogGroup').id, 'Arn'] } },
    })
    const [, format = ''] = /"Format":"(.*?[^\\])"/.exec(JSON.stringify(Properties)) ?? []
    const variables = format.match(/\$context\.[\w.]+/g) ?? []
    expect(variables.length).toBeGreaterThan(5)
    const chosenByTheCaller = /query|header|body|authorizer|override|cookie|userAgent|user$/i
    expect(variables.filter((variable) => chosenByTheCaller.test(variable))).toEqual([])
  })

  it('keeps its log for the configured days', () => {
    expect(only(data, 'AWS::Logs::LogGroup').Properties).toMatchObject({ RetentionInDays: 30 })
  })
})
