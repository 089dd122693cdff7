import * as z from 'zod'
import type { Protocol } from './protocol.ts'

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))]),
})

const bodySchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  max_tokens: z.int().optional(),
  max_completion_tokens: z.int().optional(),
  stream: z.literal(false).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('json_object') }),
      z.looseObject({
        type: z.literal('json_schema'),
        json_schema: z.looseObject({ name: z.string(), strict: z.boolean().optional(), schema: z.looseObject({}) }),
      }),
    ])
    .optional(),
})

const BEARER = /^Bearer (?<key>.+)$/
const ENDINGS = { whole: 'stop', cut: 'length', refused: 'content_filter' } as const

/** https://platform.openai.com/docs/api-reference/chat/create, as many servers speak it. */
export const openai: Protocol = {
  name: 'openai-compatible',
  path: /^\/v1\/chat\/completions$/,
  keyOf: ({ authorization = '' }) => BEARER.exec(authorization)?.groups?.['key'] ?? null,
  refusalOf(headers, key) {
    if (key === null || openai.keyOf(headers) === key) return null
    return { status: 401, code: 'invalid_api_key', message: `Incorrect API key provided: ${openai.keyOf(headers)}.` }
  },
  read(body) {
    const { model, messages, response_format: format, max_tokens, max_completion_tokens } = bodySchema.parse(body)
    const of = (wanted: boolean) =>
      messages
        .filter(({ role }) => (role === 'system' || role === 'developer') === wanted)
        .map(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('\n')))
        .join('\n')
    const form = format?.type === 'json_schema' ? format.json_schema.schema : null
    return {
      model,
      instructions: of(true),
      data: of(false),
      form,
      mostTokens: max_tokens ?? max_completion_tokens ?? null,
    }
  },
  say({ text, ending, tokens }, { model }) {
    const message =
      ending === 'refused' ? { role: 'assistant', content: null, refusal: text } : { role: 'assistant', content: text }
    const choices = [{ index: 0, message, finish_reason: ENDINGS[ending], logprobs: null }]
    const usage = tokens && {
      prompt_tokens: tokens.input,
      completion_tokens: tokens.output,
      total_tokens: tokens.input + tokens.output,
    }
    const body = {
      id: 'chatcmpl-local',
      object: 'chat.completion',
      created: 0,
      model,
      choices,
      ...(usage && { usage }),
    }
    return { status: 200, headers: {}, body }
  },
  refuse: ({ status, code, message }) => ({
    status,
    headers: {},
    body: { error: { message, type: 'invalid_request_error', param: null, code } },
  }),
}
