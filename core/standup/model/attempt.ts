import type * as z from 'zod'
import type { ModelSettings } from '../settings.ts'
import type { Access } from './access.ts'
import type { Generated } from './ai-sdk.ts'
import type { Form } from './form.ts'
import type { Question } from './model.ts'
import { type Refusal, refusalOf, WAIT_AFTER_BROKEN_MS } from './refusal.ts'
import { NO_TOKENS, type Size, type Tokens, type Told, usedOf } from './tokens.ts'
import { type Fetch, type Wire, watched } from './wire.ts'

/** What one try came to, and what it took. */
export type Attempt<Value> =
  | { kind: 'said'; value: Value; tokens: Tokens }
  | ({ kind: 'failed'; tokens: Tokens } & Refusal)

export type Asking<Schema extends z.ZodType> = { question: Question<Schema>; form: Form; size: Size }
export type AttemptServices = { access: Access; fetch: Fetch; now(): number }

/** Asks a provider once, within the time that the settings give. It never throws. */
export async function attempt<Schema extends z.ZodType>(
  settings: ModelSettings,
  { question: { instructions, data, answer }, form, size }: Asking<Schema>,
  { access, fetch, now }: AttemptServices,
): Promise<Attempt<z.infer<Schema>>> {
  const { fetch: watchedFetch, wire } = watched(fetch)
  // Only here: whoever asks nobody need not load what is a third of the bundle.
  const { generate } = await import('./ai-sdk.ts')
  const signal = AbortSignal.timeout(settings.timeoutMs)
  const asked = generate(settings, access, { instructions, data, answer, form, signal, fetch: watchedFetch })
  const generated = await orTimeout(asked, signal)
  if (generated.kind === 'value')
    return {
      kind: 'said',
      value: generated.value,
      tokens: usedOf(size, { told: generated.told, answerBytes: wire.bytes }, settings),
    }
  const refusal = refusalIn(generated, { wire, signal, settings, now: now() })
  return { kind: 'failed', ...refusal, tokens: tokensOf(generated, { wire, signal, settings, size }) }
}

type Failed = Exclude<Generated<unknown>, { kind: 'value' }>
type Seen = { wire: Wire; signal: AbortSignal; settings: ModelSettings }

const NOTHING_TOLD: Told = { input: undefined, output: undefined }

/** A source that hears no signal is not waited for. */
function orTimeout<Value>(asked: Promise<Generated<Value>>, signal: AbortSignal): Promise<Generated<Value>> {
  const timedOut = new Promise<Generated<Value>>((resolve) => {
    const end = () => resolve({ kind: 'failed', body: null, told: NOTHING_TOLD, error: signal.reason })
    signal.addEventListener('abort', end, { once: true })
  })
  return Promise.race([asked, timedOut])
}

function refusalIn(generated: Failed, { wire, signal, settings, now }: Seen & { now: number }): Refusal {
  const { provider, id, timeoutMs } = settings
  const { status } = wire
  const told = { status, code: null }
  const malformed = (what: string): Refusal => ({
    why: 'malformed',
    reason: `The answer of ${id} cannot be used: ${what}.`,
    retry: 0,
    ...told,
  })
  if (generated.kind === 'malformed') return malformed(generated.what)
  if (wire.tooLarge) return malformed('it was too large')
  if (signal.aborted)
    return { why: 'timeout', reason: `${id} did not answer within ${timeoutMs / 1000} s.`, retry: 0, ...told }
  if (status !== null && (status < 200 || status > 299))
    return refusalOf({ ...wire, status }, generated.body, { model: { provider, id }, now })
  const code = networkCode(generated.error)
  if (status !== null && code === null) return malformed('it was no answer of this kind of provider')
  const reason = `${provider} cannot be reached (${code ?? nameOf(generated.error)}).`
  return { why: 'unavailable', reason, retry: WAIT_AFTER_BROKEN_MS, status, code }
}

/** Codes of a connection that never came to be: nothing was asked. */
const NEVER_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** Who refuses or was never there bills nothing; of all others it is not known, so it is taken for used. */
function tokensOf(generated: Failed, { wire, signal, settings, size }: Seen & { size: Size }): Tokens {
  const { status, bytes } = wire
  if (status !== null && (status < 200 || status > 299)) return NO_TOKENS
  const code = generated.kind === 'failed' ? networkCode(generated.error) : null
  if (status === null && code !== null && NEVER_THERE.has(code)) return NO_TOKENS
  const isWhole =
    generated.kind === 'malformed' || wire.tooLarge || (status !== null && !signal.aborted && code === null)
  return usedOf(size, { told: generated.told, answerBytes: isWhole ? bytes : null }, settings)
}

/** Its message may quote the address, or more. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'no error')

/** The network's own word for what went wrong, wherever it stands in the chain of causes; null where it was not the network. */
function networkCode(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 8) return null
  if ('code' in error && typeof error.code === 'string' && /^(?:E[A-Z]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+)$/.test(error.code))
    return error.code
  return networkCode(error.cause, depth + 1)
}
