import type { NoModel } from '../../core/standup/statement.ts'
import type { Script } from '../model/behaviours.ts'
import type { Loss } from './asked.ts'

/** One telling of the day, as a summary of its own. */
export type Round = {
  /** Of the summary. */
  name: string
  /** How the model behaves; null: there is none. */
  model: Script | null
  /** Why a model does not say it, in the end; null where it does, or may. */
  why: NoModel | null
  /** The model makes things up: some of what it says has to be removed. */
  lies?: true
  /** The model says a quarter of what it should: the rest has to be added. */
  forgets?: true
  /** No more may be spent than has been by then. */
  capped?: true
  /** What becomes of the call that writes the comment. */
  loses?: Loss
}

/**
 * The two whose comment nobody knows of come first: they are looked for half a minute later, while the others go on. Those that
 * are deployed otherwise come last.
 */
export const ROUNDS: readonly Round[] = [
  { name: 'answer-lost', model: 'good', why: null, loses: 'answer' },
  { name: 'request-lost', model: 'good', why: null, loses: 'request' },
  { name: 'good', model: 'good', why: null },
  { name: 'slow', model: 'slow', why: 'timeout' },
  { name: 'rate-limited', model: 'rateLimited', why: 'rateLimited' },
  { name: 'server-error', model: 'serverError', why: 'unavailable' },
  { name: 'once-broken', model: ['serverError', 'good'], why: null },
  { name: 'no-json', model: 'notJson', why: 'malformed' },
  { name: 'broken-json', model: 'brokenJson', why: 'malformed' },
  { name: 'wrong-shape', model: 'wrongShape', why: 'malformed' },
  { name: 'made-up-facts', model: 'madeUpFacts', why: null, lies: true },
  { name: 'made-up-names', model: 'madeUpRefs', why: null, lies: true },
  { name: 'made-up-numbers', model: 'madeUpNumbers', why: null, lies: true },
  { name: 'obedient', model: 'obeys', why: null, lies: true },
  { name: 'forgetful', model: 'forgetful', why: null, forgets: true },
  { name: 'capped', model: 'good', why: 'capReached', capped: true },
  { name: 'by-template', model: null, why: 'notConfigured' },
]
