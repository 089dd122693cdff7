import * as z from 'zod'
import { DEFAULT_MODEL, knownPrice } from '../../core/standup/model/price.ts'
import type { ModelSettings } from '../../core/standup/settings.ts'
import { whole } from '../whole.ts'

/** Where nobody but this machine listens, a name and its prompts may travel in the clear. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

const BASE_URL = 'must be an https URL such as https://models.example.com/v1, or http on 127.0.0.1'

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
}

const PRICE = 'must be US$ for a million tokens, a number from 0 up'
const price = z.number({ error: PRICE }).nonnegative(PRICE)

/**
 * The model that tells summaries and fills fields. What is sent to it, and to whom: docs/standup.md. A provider other than Bedrock
 * wants a key, which is brought by `hookline rotate model-key` and never stands here.
 */
export const modelConfig = z
  .strictObject({
    /**
     * `bedrock` asks within your own AWS account, by the function's role; `openai-compatible` is any server that speaks as OpenAI's
     * does, at `baseUrl`.
     * @default 'bedrock'
     */
    provider: z
      .enum(['bedrock', 'openai-compatible', 'anthropic'], {
        error: 'must be bedrock, openai-compatible or anthropic',
      })
      .default('bedrock'),
    /**
     * The provider's own name of the model; of Bedrock also that of an inference profile.
     * @default - of Bedrock `DEFAULT_MODEL` of core/standup/model/price.ts; of others there is none
     */
    id: z
      .string()
      .regex(/^[\w.:/@-]{1,200}$/, "must be the provider's name of a model, such as amazon.nova-lite-v1:0")
      .optional(),
    /**
     * Where the server is, with its `/v1`; only of OpenAI-compatible ones, and needed there.
     * @default - none
     */
    baseUrl: z.string().refine(isBaseUrl, BASE_URL).optional(),
    /**
     * Of Bedrock: the region that is asked.
     * @default - the stage's own
     */
    region: z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1')
      .optional(),
    /**
     * US$ for a million tokens, in and out: what the caps are reckoned by.
     * @default - the list price of a model that core/standup/model/price.ts knows; of others there is none
     */
    price: z.strictObject({ input: price, output: price }).optional(),
    /**
     * Longest wait for an answer. It is asked twice at the most.
     * @default 30
     */
    timeoutSeconds: whole(1, 60, 'seconds').default(30),
    /**
     * The most tokens that an answer may have: one that is cut off is lost. The 40 statements that the prompt allows take some 2,000.
     * @default 3000
     */
    maxOutputTokens: whole(100, 8_000, 'tokens').default(3000),
  })
  .superRefine((model, context) => {
    const demand = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const { provider, baseUrl, region } = model
    const id = modelIdOf(model)
    if (id === undefined) demand('id', `must name a model, because there is no default for ${provider}`)
    else if (model.price === undefined && knownPrice(provider, id) === null)
      demand(
        'price',
        `must say what ${id} costs, as { input, output } in US$ for a million tokens: its price is not known here`,
      )
    if (provider === 'openai-compatible' && baseUrl === undefined)
      demand('baseUrl', 'must say where the server is, such as https://models.example.com/v1')
    if (provider !== 'openai-compatible' && baseUrl !== undefined)
      demand('baseUrl', `must be left out, because ${provider} has its own address`)
    if (provider !== 'bedrock' && region !== undefined)
      demand('region', 'must be left out, because only Bedrock has regions')
  })
type ModelConfig = z.infer<typeof modelConfig>

const modelIdOf = ({ provider, id }: Pick<ModelConfig, 'provider' | 'id'>) =>
  id ?? (provider === 'bedrock' ? DEFAULT_MODEL : undefined)

/** What the function is told of its model. @throws Error for what `modelConfig` does not let pass */
export function modelSettingsOf(model: ModelConfig): ModelSettings {
  const { provider, baseUrl, region, timeoutSeconds, maxOutputTokens } = model
  const id = modelIdOf(model)
  const price = id === undefined ? undefined : (model.price ?? knownPrice(provider, id))
  if (id === undefined || price === undefined || price === null)
    throw new Error(`A model of ${provider} has neither an id nor a price`)
  return {
    ...{ provider, id, price, maxOutputTokens },
    ...(baseUrl !== undefined && { baseUrl }),
    ...(region !== undefined && { region }),
    timeoutMs: timeoutSeconds * 1_000,
  }
}
