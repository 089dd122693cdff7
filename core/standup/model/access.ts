import { defaultProvider } from '../../platform/aws/lambda-credentials.ts'
import type { ModelSettings } from '../settings.ts'

type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/** How a provider is reached. `steady`: whether it takes a temperature. */
export type Access =
  | {
      provider: 'bedrock'
      region: string
      /** Null: as every client of AWS finds it, by the region or the environment's `AWS_ENDPOINT_URL`. */
      baseURL: string | null
      credentials: AwsCredentials
      steady: true
    }
  | { provider: 'anthropic'; baseURL: string; key: string; steady: true }
  | {
      provider: 'openai-compatible'
      baseURL: string
      /** Null: a server of one's own may want none. */
      key: string | null
      /** Changes a request's body into what the server takes. */
      body: ((body: Readonly<Record<string, unknown>>) => Record<string, unknown>) | null
      steady: boolean
    }

export type AccessSources = {
  key(): Promise<string | null>
  /** Those of the function's role where absent. */
  awsCredentials?: (() => Promise<AwsCredentials>) | undefined
  /** In the place of the settings' and the provider's own address: how a local stack keeps everything on its machine. */
  baseUrl?: string | undefined
  region: string
}

const ANTHROPIC_URL = 'https://api.anthropic.com/v1'
/** OpenAI itself, its regions (https://platform.openai.com/docs/guides/your-data), and its models in Azure. */
const OPENAI_HOSTS = /^(?:(?:[a-z]+\.)?api\.openai\.com|[a-z0-9-]+\.openai\.azure\.com)$/

/** What is needed to ask, or why it cannot be had, in a sentence that says what to do. */
export async function accessOf(settings: ModelSettings, sources: AccessSources): Promise<Access | { reason: string }> {
  const { provider } = settings
  // An empty variable of the environment is none.
  const baseUrl = sources.baseUrl || settings.baseUrl
  if (provider === 'bedrock') return bedrockAccess(settings, { ...sources, baseUrl })
  const key = await sources.key().catch(() => undefined)
  if (key === undefined) return { reason: 'The secret with the key of the model cannot be read: npx hookline doctor' }
  if (provider === 'anthropic')
    return key === null
      ? { reason: 'Anthropic wants a key: npx hookline rotate model-key' }
      : { provider, key, baseURL: baseUrl ?? ANTHROPIC_URL, steady: true }
  if (baseUrl === undefined) return { reason: 'An OpenAI-compatible model needs a baseUrl in the config.' }
  const isOpenAI = OPENAI_HOSTS.test(new URL(baseUrl).hostname)
  return { provider, key, baseURL: baseUrl, body: isOpenAI ? asOpenAI : null, steady: !isOpenAI }
}

/**
 * OpenAI's newer models refuse `max_tokens` and any temperature but their own; all of them take the newer name.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
function asOpenAI({ max_tokens, ...body }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...body, max_completion_tokens: max_tokens }
}

async function bedrockAccess(settings: ModelSettings, { awsCredentials, baseUrl, region }: AccessSources) {
  const credentials = await (awsCredentials ?? defaultProvider())().catch(() => null)
  if (credentials === null) return { reason: 'There are no AWS credentials to ask Bedrock with.' }
  const access = { provider: 'bedrock' as const, credentials, steady: true as const }
  return { ...access, region: settings.region ?? region, baseURL: baseUrl ?? null }
}
