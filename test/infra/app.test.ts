import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { connectionsSchema } from '../../core/platform/connections.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { settingsSchema } from '../../core/process/settings.ts'
import type { ConfigInput } from '../../infra/config.ts'
import { hooklineApp } from '../../infra/hookline-app.ts'
import { parseConfig } from '../../infra/load-config.ts'
import { environmentOf, eventSource, rightsOf } from './support/rights.ts'
import { find, ofType, only, type Synth, synth } from './support/template.ts'

/** Everything that a config can choose, chosen otherwise than by default. */
const CHOSEN = {
  stage: 'test-2',
  connections: [
    { name: 'sales', storeComments: true, filter: { events: ['taskStatusUpdated'] } },
    { name: 'ops', storeEmails: true, filter: { lists: ['901'] } },
  ],
  customDomain: {
    domainName: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab',
  },
  eventBusName: 'changes',
  ledgerDays: 40,
  logDays: 7,
  verifier: { memoryMb: 512, timeoutSeconds: 4 },
  consumer: { memoryMb: 1024, timeoutSeconds: 90, maxConcurrency: 3 },
  rotation: { signingDays: 1, tokenDays: 90, overlapMinutes: 5 },
  throttling: { rate: 50, burst: 70 },
  tags: { team: 'ops' },
  alarms: { page: ['me@example.com'], note: ['https://events.example.com/x'], thresholds: { ApiSlow: 5000 } },
} satisfies ConfigInput

let built: Synth
beforeAll(() => {
  built = synth(CHOSEN)
})
afterAll(() => built.remove())

const json = (file: string): unknown => JSON.parse(readFileSync(join(built.outdir, file), 'utf8'))

describe('synth', () => {
  it('is for any account and region, and looks nothing up', () => {
    const manifest = z
      .looseObject({
        missing: z.undefined().optional(),
        artifacts: z.record(
          z.string(),
          z.looseObject({
            type: z.string(),
            environment: z.string().optional(),
            dependencies: z.array(z.string()).default([]),
          }),
        ),
      })
      .parse(json('manifest.json'))
    const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack')
    expect(stacks.map(([name, { environment }]) => [name, environment])).toEqual([
      ['Hookline-test-2-Data', 'aws://unknown-account/unknown-region'],
      ['Hookline-test-2-Service', 'aws://unknown-account/unknown-region'],
    ])
    expect(manifest.artifacts['Hookline-test-2-Data']?.dependencies).not.toContain('Hookline-test-2-Service')
    expect(manifest.artifacts['Hookline-test-2-Service']?.dependencies).toContain('Hookline-test-2-Data')
  })

  it('puts every choice where it belongs', () => {
    const { data, service } = built
    const fn = (name: string) =>
      find(
        service,
        'AWS::Lambda::Function',
        ({ Properties }) => Properties['FunctionName'] === `hookline-test-2-${name}`,
      )
    expect(fn('verifier').Properties).toMatchObject({ MemorySize: 512, Timeout: 4 })
    expect(fn('consumer').Properties).toMatchObject({ MemorySize: 1024, Timeout: 90 })
    expect(eventSource(built, 'Consumer').Properties).toMatchObject({ ScalingConfig: { MaximumConcurrency: 3 } })
    expect(find(service, 'AWS::SQS::Queue', ({ id }) => id.startsWith('DeliveriesQueue')).Properties).toMatchObject({
      VisibilityTimeout: 540,
    })
    const environment = environmentOf(built, fn('consumer'))
    expect(environment[ENV.stage]).toBe('test-2')
    expect(settingsSchema.parse(JSON.parse(environment[ENV.settings] ?? ''))).toMatchObject({
      leaseMs: 135_000,
      ledgerDays: 40,
    })
    expect(connectionsSchema.parse(JSON.parse(environmentOf(built, fn('verifier'))[ENV.connections] ?? ''))).toEqual(
      parseConfig(CHOSEN).connections,
    )
    expect(only(service, 'AWS::Events::EventBus').Properties).toMatchObject({ Name: 'changes' })
    expect(environmentOf(built, fn('rotate-signing'))[ENV.rotationSettings]).toBe('{"overlapMs":300000}')
    expect(ofType(service, 'AWS::SecretsManager::RotationSchedule').map(({ Properties }) => Properties)).toMatchObject([
      { SecretId: 'hookline/test-2/sales/signing', RotationRules: { ScheduleExpression: 'rate(1 day)' } },
      { SecretId: 'hookline/test-2/ops/signing', RotationRules: { ScheduleExpression: 'rate(1 day)' } },
      { SecretId: 'hookline/test-2/sales/token', RotationRules: { ScheduleExpression: 'rate(90 days)' } },
      { SecretId: 'hookline/test-2/ops/token', RotationRules: { ScheduleExpression: 'rate(90 days)' } },
    ])
    expect(only(data, 'AWS::ApiGatewayV2::Stage').Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 70 },
    })
    const groups = [data, service].flatMap((template) => ofType(template, 'AWS::Logs::LogGroup'))
    expect(new Set(groups.map(({ Properties }) => Properties['RetentionInDays']))).toEqual(new Set([7]))
  })

  it('gives each connection its secrets, and each function its kind of them', () => {
    expect(ofType(built.data, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties['Name'])).toEqual([
      'hookline/test-2/sales/signing',
      'hookline/test-2/sales/token',
      'hookline/test-2/ops/signing',
      'hookline/test-2/ops/token',
    ])
    const secretsOf = (name: string) =>
      rightsOf(
        built,
        find(built.service, 'AWS::Lambda::Function', ({ id }) => id.startsWith(name)),
      )
        .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
        .map(({ resource }) => resource.split(':secret:')[1])
        .sort()
    expect(secretsOf('Verifier')).toEqual([
      'hookline/test-2/ops/signing-??????',
      'hookline/test-2/sales/signing-??????',
    ])
    expect(secretsOf('Consumer')).toEqual(['hookline/test-2/ops/token-??????', 'hookline/test-2/sales/token-??????'])
  })

  it('maps a custom domain to the same API and says where its record has to point', () => {
    const api = only(built.data, 'AWS::ApiGatewayV2::Api')
    expect(only(built.data, 'AWS::ApiGatewayV2::DomainName').Properties).toMatchObject({
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [{ CertificateArn: CHOSEN.customDomain.certificateArn, SecurityPolicy: 'TLS_1_2' }],
    })
    expect(only(built.data, 'AWS::ApiGatewayV2::ApiMapping').Properties).toMatchObject({ ApiId: { Ref: api.id } })
    expect(built.data.Outputs['ApiUrl']?.Value).toBe('https://hooks.example.com')
    expect(built.data.Outputs).toHaveProperty('CustomDomainTarget')
  })

  it('tags what takes tags', () => {
    const tagged = JSON.stringify([{ Key: 'team', Value: 'ops' }])
    for (const template of [built.data, built.service])
      for (const type of [
        'AWS::DynamoDB::Table',
        'AWS::Lambda::Function',
        'AWS::SQS::Queue',
        'AWS::SecretsManager::Secret',
      ])
        for (const { Properties } of ofType(template, type)) expect(JSON.stringify(Properties['Tags'])).toBe(tagged)
  })

  it('writes no secret: only placeholders, and nothing that looks like a token', () => {
    const values = ofType(built.data, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties['SecretString'])
    expect(new Set(values)).toEqual(new Set(['{"v":1,"slots":{}}', '{"v":1,"token":null}']))
    for (const template of [built.data, built.service])
      expect(JSON.stringify(template)).not.toMatch(/pk_|AKIA|SecretString":"[^{]/)
  })
})

describe('cdk-nag', () => {
  const ACKNOWLEDGED = Validations.ACKNOWLEDGED_RULES_METADATA_KEY

  /** `rule at path` of everything that the packs find. */
  const findings = (app: App) =>
    [new AwsSolutionsChecks(app), new ServerlessChecks(app)]
      .flatMap((pack) => pack.validateScope(app).violations)
      .flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })),
      )

  /** What the stacks accept, with where and why. */
  const accepted = (app: App) =>
    app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === ACKNOWLEDGED)
        .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
        .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), reason, path: construct.node.path })),
    )

  it('finds nothing that is not accepted, warnings included', () => {
    expect(findings(built.app)).toEqual([])
    expect(json('validation-report.json')).toMatchObject({ pluginReports: [] })
  })

  it('would find each thing that is accepted: nothing is accepted in advance, or on more than the resource it is about', () => {
    const spy = vi.spyOn(Validations.prototype, 'acknowledge').mockReturnValue()
    const outdir = `${built.outdir}-bare`
    try {
      const bare = hooklineApp(parseConfig(CHOSEN), outdir)
      const found = findings(bare).map(({ rule, path }) => `${rule} at ${path}`)
      const here = accepted(built.app).map(({ rule, path }) => `${rule} at ${path}/Resource`)
      expect(here.length).toBeGreaterThan(0)
      expect(here.sort()).toEqual(found.sort())
      // And the app itself asks both packs: without acceptance there is no template to deploy.
      expect(() => bare.synth()).toThrow(/AwsSolutions-APIG4.*Serverless-LambdaDLQ/s)
    } finally {
      spy.mockRestore()
      rmSync(outdir, { recursive: true, force: true })
    }
  })

  it('is told a reason each time', () => {
    for (const { reason } of accepted(built.app)) expect(reason).toMatch(/^[A-Z].{60,}\.$/)
  })
})
