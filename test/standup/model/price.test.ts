import { expect, test } from 'vitest'
import { bedrockModelId, bedrockResources } from '../../../core/standup/model/bedrock.ts'
import { DEFAULT_MODEL, knownPrice } from '../../../core/standup/model/price.ts'

const HOME = { partition: 'aws', region: 'eu-central-1', account: '123456789012' }

test.each([
  ['bedrock', 'us.amazon.nova-lite-v1:0', { input: 0.06, output: 0.24 }],
  // Where it will be asked is not known: what the dearest takes.
  ['bedrock', DEFAULT_MODEL, { input: 0.078, output: 0.312 }],
  ['bedrock', 'eu.amazon.nova-pro-v1:0', { input: 1.05, output: 4.2 }],
  ['bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', { input: 1, output: 5 }],
  ['bedrock', 'us.anthropic.claude-haiku-4-5-20251001-v1:0', { input: 1.1, output: 5.5 }],
  ['anthropic', 'claude-haiku-4-5', { input: 1, output: 5 }],
  // Neither another provider's nor another model that is called alike.
  ['anthropic', DEFAULT_MODEL, null],
  ['openai-compatible', 'claude-haiku-4-5', null],
  ['bedrock', 'amazon.nova-lite-v2:0', null],
] as const)('%s: %s', (provider, id, price) => {
  expect(knownPrice(provider, id)).toEqual(price)
})

test.each([
  ['amazon.nova-lite-v1:0', 'eu-central-1', 'eu.amazon.nova-lite-v1:0'],
  ['amazon.nova-lite-v1:0', 'us-east-1', 'us.amazon.nova-lite-v1:0'],
  ['amazon.nova-micro-v1:0', 'ap-southeast-2', 'apac.amazon.nova-micro-v1:0'],
  // No profile of that geography is known: the model itself, where the region has it.
  ['amazon.nova-lite-v1:0', 'us-gov-west-1', 'amazon.nova-lite-v1:0'],
  ['amazon.nova-lite-v1:0', 'sa-east-1', 'amazon.nova-lite-v1:0'],
  ['us.amazon.nova-lite-v1:0', 'eu-central-1', 'us.amazon.nova-lite-v1:0'],
  ['global.amazon.nova-2-lite-v1:0', 'eu-central-1', 'global.amazon.nova-2-lite-v1:0'],
  ['meta.some-model-v1:0', 'us-east-1', 'meta.some-model-v1:0'],
])('%s in %s is asked as %s', (id, region, asked) => {
  expect(bedrockModelId(id, region)).toBe(asked)
})

const ARN = 'arn:aws:bedrock'
test.each([
  [
    'eu.amazon.nova-pro-v1:0',
    [
      `${ARN}:eu-central-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0`,
      `${ARN}:*::foundation-model/amazon.nova-pro-v1:0`,
    ],
  ],
  ['meta.some-model-v1:0', [`${ARN}:eu-central-1::foundation-model/meta.some-model-v1:0`]],
  [
    'global.anthropic.claude-haiku-4-5-20251001-v1:0',
    [
      `${ARN}:eu-central-1:123456789012:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0`,
      `${ARN}:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0`,
      `${ARN}:::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0`,
    ],
  ],
  [
    `${ARN}:eu-central-1:123456789012:application-inference-profile/abc`,
    [`${ARN}:eu-central-1:123456789012:application-inference-profile/abc`, `${ARN}:*::foundation-model/*`],
  ],
])('rights for %s', (id, arns) => {
  expect(bedrockResources(id, HOME)).toEqual(arns)
})

test('whatever is asked in a region is among the rights that were given', () => {
  for (const region of ['eu-west-1', 'us-west-2', 'ap-northeast-1', 'sa-east-1']) {
    const asked = bedrockModelId(DEFAULT_MODEL, region)
    const resources = bedrockResources(DEFAULT_MODEL, { ...HOME, region })
    const kind = asked === DEFAULT_MODEL ? 'foundation-model' : 'inference-profile'
    expect(
      resources.filter((arn) => arn.endsWith(`:${kind}/${asked}`) || arn.endsWith(`${kind}/${asked}`)),
    ).toHaveLength(1)
  }
})
