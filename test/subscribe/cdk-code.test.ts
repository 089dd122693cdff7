import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { cdkCode } from '../../core/subscribe/cdk-code.ts'
import { patternOf } from '../../core/subscribe/pattern.ts'
import type { SubscriptionTarget } from '../../core/subscribe/subscription.ts'
import type { Wanted } from '../../core/subscribe/wanted.ts'

const ROOT = join(import.meta.dirname, '../..')
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:123456789012:theirs'
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:on-done'
const URL = 'https://example.com/in?x=1'

/** What a name from ClickUp may look like: it must not end the text that it stands in. */
const NASTY = `it's "done" \\ $${'{process.exit(1)}'} */ \u2028 \`x\``
const wanted: Wanted = {
  ...{ fields: ['custom_field'], types: [], from: 'none', to: NASTY, customField: 'Plan' },
  ...{
    lists: ['901'],
    folders: [],
    spaces: [],
    connections: ['main'],
    origins: [],
    notOrigins: ['replay'],
    notOwn: true,
  },
}
const pattern = patternOf(wanted)

const TARGETS: Record<string, SubscriptionTarget> = {
  new: { kind: 'sqs', arn: undefined },
  queue: { kind: 'sqs', arn: QUEUE_ARN },
  function: { kind: 'lambda', arn: FUNCTION_ARN },
  address: { kind: 'https', url: URL, header: 'X-Api-Key', secret: 'in-key' },
}

const resourceSchema = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) })
const templatesSchema = z.record(z.string(), z.looseObject({ Resources: z.record(z.string(), resourceSchema) }))

let folder: string
let templates: z.infer<typeof templatesSchema>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-code-'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const [name, target] of Object.entries(TARGETS)) {
    const options = { name: `to-${name}`, stage: 'prod', busName: 'hookline-prod', description: `Tells of ${NASTY}` }
    writeFileSync(join(folder, `${name}.ts`), cdkCode({ ...options, pattern, target }))
  }
  // The CDK's own ApiDestination is no IApiDestination with this one: its optional members may be undefined.
  const compilerOptions = { types: [], exactOptionalPropertyTypes: false }
  const strict = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'], compilerOptions }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(strict))
  writeFileSync(join(folder, 'app.mjs'), APP)
  const { stdout } = await promisify(execFile)(process.execPath, ['app.mjs'], { cwd: folder, maxBuffer: 1e7 })
  templates = templatesSchema.parse(JSON.parse(stdout))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const APP = `
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
const env = { account: '123456789012', region: 'eu-west-1' }
const templates = {}
for (const name of ${JSON.stringify(Object.keys(TARGETS))}) {
  const [Stack] = Object.values(await import('./' + name + '.ts'))
  templates[name] = Template.fromStack(new Stack(new App(), name, { env })).toJSON()
}
console.log(JSON.stringify(templates))
`

const of = (name: string, type: string) =>
  Object.entries(templates[name]?.Resources ?? {}).flatMap(([id, { Type, Properties }]) =>
    Type === type ? { id, properties: Properties } : [],
  )

test('what is printed compiles, with strict settings', async () => {
  const compiled = promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', '.'],
    { cwd: folder },
  )
  await expect(compiled).resolves.toMatchObject({ stdout: '' })
})

test.each(Object.keys(TARGETS))(
  '%s: the rule has the pattern, retries, and a dead-letter queue that lets it in',
  (name) => {
    const [rule] = of(name, 'AWS::Events::Rule')
    const target = z
      .array(z.looseObject({ DeadLetterConfig: z.looseObject({ Arn: z.unknown() }), RetryPolicy: z.unknown() }))
      .parse(rule?.properties['Targets'])[0]
    expect(rule?.properties['EventPattern']).toEqual(pattern)
    expect(rule?.properties).toMatchObject({ Name: `hookline-prod-sub-to-${name}`, EventBusName: 'hookline-prod' })
    expect(target?.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 })
    const deadLetters = of(name, 'AWS::SQS::Queue').find(({ id }) => id.startsWith('DeadLetters'))
    expect(target?.DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [deadLetters?.id, 'Arn'] })
    const policies = JSON.stringify(of(name, 'AWS::SQS::QueuePolicy').map(({ properties }) => properties))
    expect(policies).toContain(`"Condition":{"ArnEquals":{"aws:SourceArn":{"Fn::GetAtt":["${rule?.id}","Arn"]}}}`)
    expect(policies).toContain('"aws:SecureTransport":"false"')
    expect(deadLetters?.properties['Tags']).toContainEqual({ Key: 'hookline:subscription', Value: `to-${name}` })
  },
)

test('a queue of its own gives what a reader cannot take to the dead-letter queue', () => {
  const queue = of('new', 'AWS::SQS::Queue').find(({ id }) => id.startsWith('Queue'))
  expect(queue?.properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: 10 })
})

test('a function lets the rule invoke it', () => {
  const [permission] = of('function', 'AWS::Lambda::Permission')
  expect(permission?.properties).toMatchObject({ FunctionName: FUNCTION_ARN, Principal: 'events.amazonaws.com' })
})

test('an address is called with a secret that stands in no template', () => {
  const [destination] = of('address', 'AWS::Events::ApiDestination')
  expect(destination?.properties).toMatchObject({ InvocationEndpoint: URL, HttpMethod: 'POST' })
  const [connection] = of('address', 'AWS::Events::Connection')
  expect(JSON.stringify(connection?.properties)).toContain('{{resolve:secretsmanager:in-key:SecretString')
})
