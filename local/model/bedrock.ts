import * as z from 'zod'
import { parseJson } from '../../core/platform/json.ts'
import type { Protocol } from './protocol.ts'

const textsSchema = z.array(z.looseObject({ text: z.string() }))

const bodySchema = z.looseObject({
  system: textsSchema.optional(),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: textsSchema })).min(1),
  inferenceConfig: z.looseObject({ maxTokens: z.int().positive().optional() }).optional(),
  toolConfig: z
    .looseObject({
      tools: z.array(
        z.looseObject({
          toolSpec: z.looseObject({ name: z.string(), inputSchema: z.looseObject({ json: z.looseObject({}) }) }),
        }),
      ),
    })
    .optional(),
})

const PATH = /^\/model\/(?<model>[^/]+)\/converse$/
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/\d{8}\/(?<region>[^/]+)\/bedrock\/aws4_request,\s*SignedHeaders=[\w;-]+,\s*Signature=[0-9a-f]{64}$/
const ENDINGS = { whole: 'end_turn', cut: 'max_tokens', refused: 'content_filtered' } as const

/** What the models of Amazon take at the top of a schema: https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html */
const TOP: ReadonlySet<string> = new Set(['type', 'properties', 'required'])
const NOVA = /(?:^|\.)amazon\.nova-/

const joined = (texts: z.infer<typeof textsSchema>) => texts.map(({ text }) => text).join('\n')

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrock: Protocol = {
  name: 'bedrock',
  path: PATH,
  keyOf: ({ authorization = '' }) => SIGNED.exec(authorization)?.groups?.['id'] ?? null,
  refusalOf(headers) {
    if (bedrock.keyOf(headers) !== null) return null
    return { status: 403, code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
  },
  read(body, path) {
    const { system = [], messages, inferenceConfig, toolConfig } = bodySchema.parse(body)
    const model = decodeURIComponent(PATH.exec(path)?.groups?.['model'] ?? '')
    const form = toolConfig?.tools[0]?.toolSpec.inputSchema.json ?? null
    const refused = Object.keys(form ?? {}).filter((key) => !TOP.has(key))
    if (NOVA.test(model) && refused.length > 0) throw new Error(`The schema of a tool has no ${refused.join(', ')}.`)
    const data = messages.map(({ content }) => joined(content)).join('\n')
    return { model, instructions: joined(system), data, form, mostTokens: inferenceConfig?.maxTokens ?? null }
  },
  say({ text, ending, tokens }, { form }) {
    const input = parseJson(text)
    // Asked for a form, it answers by calling the one tool that there is; only what is no JSON comes as text.
    const isTool = form !== null && typeof input === 'object' && ending === 'whole'
    const content = [isTool ? { toolUse: { toolUseId: 'tooluse_local', name: 'json', input } } : { text }]
    const usage = tokens && {
      inputTokens: tokens.input,
      outputTokens: tokens.output,
      totalTokens: tokens.input + tokens.output,
    }
    return {
      status: 200,
      headers: {},
      body: {
        output: { message: { role: 'assistant', content } },
        stopReason: isTool ? 'tool_use' : ENDINGS[ending],
        ...(usage && { usage }),
        metrics: { latencyMs: 1 },
      },
    }
  },
  refuse: ({ status, code, message }) => ({
    status,
    headers: { 'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
    body: { message },
  }),
}
