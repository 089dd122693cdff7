import type * as z from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { ModelSettings } from '../settings.ts'
import type { NoModel } from '../statement.ts'
import { type AccessSources, accessOf } from './access.ts'
import { type Asking, type Attempt, attempt } from './attempt.ts'
import { formOf } from './form.ts'
import type { AskModel, Question, Said } from './model.ts'
import { type Micros, type Spending, usdOf } from './spend.ts'
import { atMost, costOf, NO_TOKENS, type Tokens } from './tokens.ts'
import type { Fetch } from './wire.ts'

export type ModelServices = AccessSources & {
  clock: Clock
  sleep(ms: number): Promise<unknown>
  log: Log
  metrics: Pick<Metrics, 'count'>
  spend: Spending
  fetch?: Fetch | undefined
}

/** The first, and the one that each question has again. */
const TRIES = 2

type Total = { tokens: Tokens; micros: Micros }
type Nothing = { why: NoModel; reason: string }

/**
 * The door to a configured model. Each try is paid for, so each is let in by the caps before and reckoned after; it takes two tries
 * and a wait of five seconds at the most. No text of a question or an answer is logged.
 */
export function createAskModel(settings: ModelSettings, services: ModelServices): AskModel {
  const { spend, log } = services

  return async (question) => {
    const access = await accessOf(settings, services)
    if ('reason' in access) {
      log.warn('A model could not be asked', { ...modelOf(settings), outcome: 'noKey' })
      return nothing({ why: 'noKey', reason: access.reason }, NO_TOTAL)
    }
    const asking = askingOf(question)
    const most = costOf(atMost(asking.size, settings), settings)
    const total: Total = { tokens: NO_TOKENS, micros: 0 }
    let failure: Nothing | null = null
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const reserved = await spend.reserve(most)
      if (reserved.kind === 'refused') return failure === null ? capReached(reserved, most) : nothing(failure, total)
      const startedAt = services.clock.now()
      const { fetch = globalThis.fetch, clock } = services
      const tried = await attempt(settings, asking, { access, fetch, now: () => clock.now() })
      const micros = costOf(tried.tokens, settings)
      total.tokens = sumOf(total.tokens, tried.tokens)
      total.micros += micros
      report(tried, micros, clock.now() - startedAt)
      // Whoever has an answer does not lose it because a sum could not be put right: too much stays reserved.
      await spend.settle(reserved.reservation, micros).catch((error: unknown) => {
        log.warn('What a model has cost could not be written down', { error })
      })
      if (tried.kind === 'said') return said(tried.value, total)
      failure = { why: tried.why, reason: tried.reason }
      if (tried.retry === null) break
      if (tries < TRIES) await services.sleep(tried.retry)
    }
    return nothing(failure ?? { why: 'unavailable', reason: 'No model was asked.' }, total)
  }

  async function said<Value>(value: Value, { tokens, micros }: Total): Promise<Said<Value>> {
    await inARow(async () => {
      await spend.answered()
      return 0
    })
    const { provider, id: model } = settings
    return { kind: 'said', value, provider, model, tokens, costUsd: usdOf(micros) }
  }

  async function nothing({ why, reason }: Nothing, { tokens, micros }: Total): Promise<Said<never>> {
    await inARow(() => spend.failed(why))
    return { kind: 'nothing', why, reason, tokens, costUsd: usdOf(micros) }
  }

  /** Not a failure of the model: it is what the cap is for. */
  function capReached({ cap, never }: { cap: 'day' | 'month'; never: boolean }, most: Micros): Said<never> {
    const { tokens, micros } = NO_TOTAL
    const again = cap === 'day' ? 'tomorrow' : 'next month'
    const reason = never
      ? `This question may cost ${usdOf(most)} US$, which is more than the cap of a ${cap}: raise standup.caps, or lower maxInputTokens or model.maxOutputTokens.`
      : `The cap of a ${cap} leaves no room for this question: a model is asked again ${again} (UTC), or raise standup.caps.`
    log.warn('A model could not be asked', { ...modelOf(settings), outcome: 'capReached', cap })
    return { kind: 'nothing', why: 'capReached', reason, tokens, costUsd: usdOf(micros) }
  }

  async function inARow(count: () => Promise<number>): Promise<void> {
    try {
      services.metrics.count('ModelFailuresInARow', await count())
    } catch (error) {
      log.warn('How a model does could not be written down', { error })
    }
  }

  function report(tried: Attempt<unknown>, micros: Micros, ms: number): void {
    const { input, output } = tried.tokens
    services.metrics.count('ModelTokens', input + output)
    services.metrics.count('ModelCost', micros)
    const took = { ms, tokensIn: input, tokensOut: output, costUsd: usdOf(micros) }
    if (tried.kind === 'said') {
      log.info('A model was asked', { ...modelOf(settings), outcome: 'said', ...took })
      return
    }
    const { why: outcome, reason, status, code } = tried
    log.warn('A model was asked', { ...modelOf(settings), outcome, reason, status, code, ...took })
  }
}

const NO_TOTAL: Total = { tokens: NO_TOKENS, micros: 0 }

const modelOf = ({ provider, id: model }: ModelSettings) => ({ provider, model })

const sumOf = (a: Tokens, b: Tokens): Tokens => ({ input: a.input + b.input, output: a.output + b.output })

function askingOf<Schema extends z.ZodType>(question: Question<Schema>): Asking<Schema> {
  const form = formOf(question.form ?? question.answer)
  const bytes = Buffer.byteLength(question.instructions + question.data + JSON.stringify(form))
  return { question, form, size: { bytes } }
}
