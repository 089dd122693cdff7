import * as z from 'zod'

export type HttpAnswer = { status: number; headers: Record<string, string>; cookies: string[]; body: Buffer }

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const structuredSchema = z.looseObject({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  isBase64Encoded: z.boolean().nullish(),
})

/** An answer that API Gateway gives by itself. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
})

export const INTERNAL_SERVER_ERROR = gatewayAnswer(500, 'Internal Server Error')

/** What an HTTP API makes of a function's result: as it states, or 200 with JSON where it states no status. */
export function toAnswer(result: unknown): HttpAnswer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null)
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) }
  }
  const parsed = structuredSchema.safeParse(result)
  if (!parsed.success) return INTERNAL_SERVER_ERROR
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data
  const named = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [name.toLowerCase(), value])
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(named) },
    cookies: cookies ?? [],
    body: Buffer.from(String(body ?? ''), isBase64Encoded ? 'base64' : 'utf8'),
  }
}
