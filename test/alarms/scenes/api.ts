import { until } from '../../../local/start/until.ts'
import type { Scene } from '../support/stage.ts'

const DOWN = { from: null, until: null }

export const API: Readonly<Record<string, Scene>> = {
  async ApiUnreachable(stage) {
    stage.clickup.faults.outage = { ...DOWN, answer: 'disconnect' }
    await stage.deliver(3)
  },

  async TokenDead(stage) {
    stage.clickup.faults.deadToken = true
    await stage.deliver(1)
  },

  /** Tasks that our user does not see, or that never were. */
  async ApiNoAccess(stage) {
    stage.clickup.faults.missingTask = 'OAUTH_027'
    await stage.deliverOf(Array.from({ length: 25 }, (_, index) => `nowhere${index}`))
  },

  async ApiErrors(stage) {
    stage.clickup.faults.outage = { ...DOWN, answer: 502 }
    await stage.deliver(4)
  },

  /** Not down, or the breaker would keep the calls few: a third of the answers are faults. */
  async ApiServerErrors(stage) {
    stage.clickup.faults.serverErrorEvery = 3
    await stage.deliver(30)
  },

  /**
   * Somebody else uses the token up, and the headers do not say so. A refusal keeps all functions from calling until its window
   * ends; here it is forgotten each time, so that no minute has to pass between them.
   */
  async RateLimited(stage) {
    Object.assign(stage.clickup.faults, { rateLimit: 1, toldRateLimit: 10_000 })
    for (let refused = 0; refused < 7; refused += 1) {
      using recording = stage.record()
      await stage.forgetUpstream()
      await stage.deliver(1)
      await until(() => recording.data.some(({ name }) => name === 'ApiCalls') || undefined, {
        what: 'the call that is refused',
        deadlineMs: 20_000,
        everyMs: 20,
      })
    }
  },

  async BudgetSpent(stage) {
    stage.clickup.faults.toldRateLimit = 1
    await stage.deliver(1)
  },

  async BudgetLow(stage) {
    stage.clickup.faults.toldRateLimit = 1
    await stage.deliver(1)
  },

  async ApiSlow(stage) {
    stage.clickup.faults.latencyMs = { min: 3_100, max: 3_100 }
    await stage.deliver(1)
  },

  async ClickUpIncident(stage) {
    stage.clickup.faults.statusPage = 'disrupted'
    await stage.pulse()
  },
}
