import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { deployed } from '../../local/rights/deployed.ts'
import { grantsOf, textOf } from '../../local/rights/grants.ts'
import type { RightsOptions } from '../../local/rights/options.ts'
import { isFaultless, type Report } from '../../local/rights/report.ts'
import { checkRights } from '../../local/rights/run.ts'
import { type Stage, startStage } from '../../local/rights/stage.ts'
import type { Deployment } from '../../local/stack/deployment.ts'

// Every way that every function can take, through the roles of the synthesized template; then without some of the rights, one at a time.
let stage: Stage
let deployment: Deployment
beforeAll(async () => {
  stage = await startStage(11, () => undefined)
  deployment = await deployed(stage.system.assembly)
}, 120_000)
afterAll(() => stage?.close())

const documentSchema = z.looseObject({
  Statement: z.array(
    z.looseObject({
      Effect: z.enum(['Allow', 'Deny']),
      Principal: z.unknown().optional(),
      NotAction: z.unknown().optional(),
      NotResource: z.unknown().optional(),
    }),
  ),
})

/** Policy documents wherever they stand in a template: of roles, and of queues, topics and buckets. */
function* documentsIn(value: unknown): Generator<z.infer<typeof documentSchema>> {
  if (typeof value !== 'object' || value === null) return
  const document = documentSchema.safeParse(value)
  if (document.success) yield document.data
  else for (const inner of Object.values(value)) yield* documentsIn(inner)
}

test('nothing is allowed with an asterisk but what is explained, to nobody in particular, or by what it is not', () => {
  const all = grantsOf(deployment)
  expect(all.length).toBeGreaterThan(140)
  const wide = all.filter(({ action, resource }) => `${action} ${resource}`.includes('*')).map(textOf)
  // A log group's own streams are what `:*` stands for at the end of its ARN.
  expect(wide.filter((text) => !text.endsWith(' log'))).toEqual([
    // Objects have names that nobody knows beforehand; all lie under one key of one bucket.
    'consumer s3:PutObject archive/deliveries/*',
    // CloudWatch judges this right by all alarms of the region, whichever are asked for.
    'CodeDeploy cloudwatch:DescribeAlarms alarm:*',
    // An inference profile hands a question to whichever region of its geography has room.
    'standup bedrock:InvokeModel foundation-model/amazon.nova-lite-v1:0',
  ])
  const allowing = stage.system.assembly.stacks
    .flatMap(({ resources }) => resources.flatMap(({ properties }) => [...documentsIn(properties)]))
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow')
  expect(allowing.length).toBeGreaterThan(60)
  for (const { Principal, NotAction, NotResource } of allowing) {
    expect(JSON.stringify(Principal) ?? '').not.toContain('*')
    expect([NotAction, NotResource]).toEqual([undefined, undefined])
  }
})

async function check(options: Partial<RightsOptions>): Promise<Report> {
  const defaults: RightsOptions = { seed: 11, only: null, grant: null, some: null, json: true, breaks: null }
  return { ...(await checkRights({ stage, deployment }, { ...defaults, ...options }, () => undefined)), seconds: 0 }
}

test('all of it takes the rights that the functions have, and no right is left over', async () => {
  const report = await check({ some: 4 })
  expect(report.wrong).toEqual([])
  expect(report.missed).toBe(4)
  expect(report.refused).toBeGreaterThan(25)
  expect(isFaultless(report)).toBe(true)
}, 180_000)

test('where policies are not looked at, nobody misses anything', async () => {
  const report = await check({ only: 'verifier', grant: 'sqs:SendMessage', breaks: 'allow-all' })
  expect(report).toMatchObject({ missed: 0, wrong: [expect.stringContaining('nothing was refused')] })
  expect(isFaultless(report)).toBe(false)
}, 60_000)

test('a right that nobody needs is found', async () => {
  const report = await check({ grant: 'dynamodb:Scan', breaks: 'unused' })
  expect(report.wrong).toEqual(['consumer dynamodb:Scan Ledger: no turn uses it'])
  expect(isFaultless(report)).toBe(false)
}, 60_000)
