import type { ModelSettings, Price } from '../settings.ts'
import { partsOf } from './bedrock.ts'

/** Small, cheap and in Bedrock without anybody's key; asked by the profile of the region's geography (see `bedrockModelId`). */
export const DEFAULT_MODEL = 'amazon.nova-lite-v1:0'

/** By geography where that matters; `other` is also the dearest. */
type Prices = { readonly other: Price; readonly [geography: string]: Price }
type Known = { provider: ModelSettings['provider']; model: RegExp; prices: Prices }

/**
 * List prices on demand, in US$ for a million tokens, of few models: where one is not here, the config says it. They are what the
 * caps are reckoned by and no invoice. Seen in November 2026: Claude at https://platform.claude.com/docs/en/about-claude/pricing
 * (a geography of Bedrock costs a tenth more than the global endpoint), Amazon's of https://aws.amazon.com/bedrock/pricing/ as
 * listed in `model_prices_and_context_window.json` of https://github.com/BerriAI/litellm.
 */
const KNOWN: readonly Known[] = [
  {
    ...{ provider: 'bedrock', model: /^amazon\.nova-micro-v1:0$/ },
    prices: { us: price(0.035, 0.14), apac: price(0.037, 0.148), other: price(0.046, 0.184) },
  },
  {
    ...{ provider: 'bedrock', model: /^amazon\.nova-lite-v1:0$/ },
    prices: { us: price(0.06, 0.24), apac: price(0.063, 0.252), other: price(0.078, 0.312) },
  },
  {
    ...{ provider: 'bedrock', model: /^amazon\.nova-pro-v1:0$/ },
    prices: { us: price(0.8, 3.2), apac: price(0.84, 3.36), other: price(1.05, 4.2) },
  },
  {
    ...{ provider: 'bedrock', model: /^amazon\.nova-2-lite-v1:0$/ },
    prices: { global: price(0.3, 2.5), other: price(0.33, 2.75) },
  },
  {
    ...{ provider: 'bedrock', model: /^anthropic\.claude-haiku-4-5-20251001-v1:0$/ },
    prices: { global: price(1, 5), other: price(1.1, 5.5) },
  },
  { provider: 'anthropic', model: /^claude-haiku-4-5(?:-20251001)?$/, prices: { other: price(1, 5) } },
]

function price(input: number, output: number): Price {
  return { input, output }
}

/**
 * What a model costs; null where that is not known here. Of one in Bedrock without a geography before its id it is what the dearest
 * region takes: a cap that is reached early is better than one that is not kept.
 */
export function knownPrice(provider: ModelSettings['provider'], id: string): Price | null {
  const { geography, model } = provider === 'bedrock' ? partsOf(id) : { geography: null, model: id }
  const prices = KNOWN.find((known) => known.provider === provider && known.model.test(model))?.prices
  return prices?.[geography ?? 'other'] ?? prices?.other ?? null
}
