import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, jsonSchema, NoObjectGeneratedError, Output } from 'ai'
import type * as z from 'zod'
import type { ModelSettings } from '../settings.ts'
import type { Access } from './access.ts'
import { bedrockModelId } from './bedrock.ts'
import { type Form, openForm } from './form.ts'
import { readAnswer } from './read-answer.ts'
import type { Told } from './tokens.ts'
import type { Fetch } from './wire.ts'

/** What a provider has generated, or why nothing that can be used. `body`: of a refusal, untrusted. */
export type Generated<Value> =
  | { kind: 'value'; value: Value; told: Told }
  | { kind: 'malformed'; what: string; told: Told }
  | { kind: 'failed'; body: string | null; told: Told; error: unknown }

export type Generation<Schema extends z.ZodType> = {
  instructions: string
  data: string
  answer: Schema
  form: Form
  signal: AbortSignal
  fetch: Fetch
}

// What the SDK cannot do with a model it writes to standard error, of which nobody reads anything.
globalThis.AI_SDK_LOG_WARNINGS = false

const NOTHING_TOLD: Told = { input: undefined, output: undefined }

/**
 * One request to a provider: the only place that knows the SDK, so that another can take its place. Its retries are off: each try
 * is paid for and counted by us.
 */
export async function generate<Schema extends z.ZodType>(
  settings: ModelSettings,
  access: Access,
  { instructions, data, answer, form, signal, fetch }: Generation<Schema>,
): Promise<Generated<z.infer<Schema>>> {
  try {
    const { text, finishReason, usage } = await generateText({
      model: modelOf(settings, access, fetch),
      ...(access.steady ? { temperature: 0 } : {}),
      instructions,
      prompt: data,
      // The form alone: what is read here is checked by us, of whom a fence around the JSON is forgiven.
      output: Output.object({ schema: jsonSchema<unknown>({ ...formFor(access, form) }), name: 'answer' }),
      maxOutputTokens: settings.maxOutputTokens,
      maxRetries: 0,
      abortSignal: signal,
      telemetry: { isEnabled: false },
    })
    return read(answer, { text, finishReason, told: { input: usage.inputTokens, output: usage.outputTokens } })
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) {
      const body = APICallError.isInstance(error) ? (error.responseBody ?? null) : null
      return { kind: 'failed', body, told: NOTHING_TOLD, error }
    }
    const { text = '', finishReason, usage } = error
    return read(answer, { text, finishReason, told: { input: usage?.inputTokens, output: usage?.outputTokens } })
  }
}

const formFor = ({ provider }: Access, form: Form): Form => (provider === 'bedrock' ? openForm(form) : form)

type Finished = { text: string; finishReason: string | undefined; told: Told }

function read<Schema extends z.ZodType>(answer: Schema, { text, finishReason, told }: Finished) {
  if (finishReason === 'length') return { kind: 'malformed' as const, what: 'it was not finished', told }
  if (finishReason === 'content-filter') return { kind: 'malformed' as const, what: 'it was a refusal', told }
  return { ...readAnswer(answer, text), told }
}

/** Everything is told, so that no variable of the environment is asked for a key or an address. */
function modelOf(settings: ModelSettings, access: Access, fetch: Fetch) {
  switch (access.provider) {
    case 'bedrock': {
      const { region, baseURL, credentials } = access
      const bedrock = createAmazonBedrock({
        ...{ region, fetch, credentialProvider: async () => credentials },
        // An empty key keeps it from taking one of the environment in the place of the role's rights.
        apiKey: '',
        ...(baseURL === null ? {} : { baseURL }),
      })
      return bedrock(bedrockModelId(settings.id, region))
    }
    case 'anthropic':
      return createAnthropic({ apiKey: access.key, baseURL: access.baseURL, fetch })(settings.id)
    case 'openai-compatible': {
      const { key, baseURL, body } = access
      const provider = createOpenAICompatible({
        ...{ name: 'model', baseURL, fetch, supportsStructuredOutputs: true },
        ...(key === null ? {} : { apiKey: key }),
        ...(body === null ? {} : { transformRequestBody: body }),
      })
      return provider(settings.id)
    }
  }
}
