import * as z from 'zod'
import { parseJson } from '../../platform/json.ts'
import type { NoModel } from '../statement.ts'
import type { Wire } from './wire.ts'

/** Why a try failed. `retry`: when it may be done again, ms from now; null: it would fail again. */
export type Refusal = { why: NoModel; reason: string; retry: number | null; status: number | null; code: string | null }

type Asked = { provider: string; id: string }

/** Whoever waits for a summary is not kept waiting longer. */
const MOST_WAIT_MS = 5_000
const USUAL_WAIT_MS = 2_000

/** What an answer other than 2xx means. `body` is somebody else's text: nothing of it is told but its code. */
export function refusalOf(
  wire: Wire & { status: number },
  body: string | null,
  { model, now }: { model: Asked; now: number },
): Refusal {
  const { status } = wire
  const code = codeOf(wire, body)
  const said = code === null ? `${status}` : `${status} ${code}`
  if (status === 429) {
    const reason = `${model.provider} is asked too often, or its quota is used up (${said}).`
    return { why: 'rateLimited', reason, retry: waitOf(wire.retryAfter, now), status, code }
  }
  // Bedrock tells of a model that failed or was too slow by 424 and 408: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
  if (status >= 500 || status === 408 || status === 409 || status === 424 || status === 425) {
    const reason = `${model.provider} cannot answer at the moment (${said}).`
    return { why: 'unavailable', reason, retry: waitOf(wire.retryAfter, now), status, code }
  }
  return { why: 'denied', reason: deniedText(said, status, body, model), retry: null, status, code }
}

function deniedText(said: string, status: number, body: string | null, { provider, id }: Asked): string {
  if (provider === 'bedrock' && /on-demand throughput/i.test(body ?? ''))
    return `Bedrock has ${id} by an inference profile only (${said}): put a geography before its id, as in us.${id}.`
  const what = (hint: string) => `${provider} refuses ${id} (${said}): ${hint}`
  if (status === 401 && provider !== 'bedrock')
    return what('the key is missing or wrong: npx hookline rotate model-key')
  if (status === 401 || status === 403)
    return provider === 'bedrock'
      ? what('is the model enabled in this account and region, and does the role have bedrock:InvokeModel for it?')
      : what('the key has no right to this model.')
  if (status === 402) return what('the account has no credit left.')
  if (status === 404) return what('there is no such model at this address: look at its id and at baseUrl.')
  if (status === 413) return what('the question is too large: lower maxInputTokens.')
  if (status >= 300 && status < 400) return what('the address leads elsewhere: look at baseUrl.')
  return what('look at its id, and whether it can answer by a JSON schema.')
}

const bodySchema = z.looseObject({
  __type: z.string().optional().catch(undefined),
  error: z
    .looseObject({ code: z.string().nullish().catch(null), type: z.string().nullish().catch(null) })
    .optional()
    .catch(undefined),
})
const CODE = /^[A-Za-z][\w.-]{0,59}$/

/** The provider's own word for it, as far as it is a word: a message may quote the question, or a part of the key. */
function codeOf({ errorType }: Wire, body: string | null): string | null {
  const { data } = bodySchema.safeParse(parseJson(body ?? ''))
  const told = errorType?.split(':')[0] ?? data?.error?.code ?? data?.error?.type ?? data?.__type?.split('#').at(-1)
  return told !== undefined && CODE.test(told) ? told : null
}

/** Seconds or a date; what is neither says nothing. */
function waitOf(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return USUAL_WAIT_MS
  const ms = /^\d{1,9}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MOST_WAIT_MS) : USUAL_WAIT_MS
}

export const WAIT_AFTER_BROKEN_MS = USUAL_WAIT_MS
