import * as z from 'zod'
import type { Protocol } from './protocol.ts'

const textsSchema = z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))])
type Texts = z.infer<typeof textsSchema>

const bodySchema = z.looseObject({
  model: z.string(),
  max_tokens: z.int().positive(),
  system: textsSchema.optional(),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: textsSchema })).min(1),
  stream: z.literal(false).optional(),
  output_config: z
    .looseObject({ format: z.looseObject({ type: z.literal('json_schema'), schema: z.looseObject({}) }).optional() })
    .optional(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.looseObject({}) })).optional(),
})

const joined = (texts: Texts | undefined): string =>
  typeof texts === 'string' ? texts : (texts ?? []).map(({ text }) => text).join('\n')

const ENDINGS = { whole: 'end_turn', cut: 'max_tokens', refused: 'refusal' } as const
const KEY_HEADER = 'x-api-key'

/** https://platform.claude.com/docs/en/api/messages */
export const anthropic: Protocol = {
  name: 'anthropic',
  path: /^\/v1\/messages$/,
  keyOf: ({ [KEY_HEADER]: key }) => (typeof key === 'string' ? key : null),
  refusalOf(headers, key) {
    if (headers['anthropic-version'] === undefined)
      return { status: 400, code: 'invalid_request_error', message: 'anthropic-version: header is required' }
    const given = anthropic.keyOf(headers)
    if (given !== null && (key === null || given === key)) return null
    return { status: 401, code: 'authentication_error', message: `invalid x-api-key ${given}` }
  },
  read(body) {
    const { model, system, messages, max_tokens, output_config, tools } = bodySchema.parse(body)
    const form = output_config?.format?.schema ?? tools?.[0]?.input_schema ?? null
    const data = messages.map(({ content }) => joined(content)).join('\n')
    return { model, instructions: joined(system), data, form, mostTokens: max_tokens }
  },
  say({ text, ending, tokens }, { model }) {
    const content = ending === 'refused' ? [] : [{ type: 'text', text }]
    const usage = { input_tokens: tokens?.input ?? 0, output_tokens: tokens?.output ?? 0 }
    const message = { id: 'msg_local', type: 'message', role: 'assistant', model, content, stop_sequence: null, usage }
    return { status: 200, headers: {}, body: { ...message, stop_reason: ENDINGS[ending] } }
  },
  refuse: ({ status, code, message }) => ({
    status,
    headers: {},
    body: { type: 'error', error: { type: code, message } },
  }),
}
