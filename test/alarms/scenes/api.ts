import { until } from '../../../local/start/until.ts'
import type { Scene, Stage } from '../support/stage.ts'

const DOWN = { from: null, until: null }

/**
 * So many deliveries at once, again and again, each time when the ones before have been asked for. What was refused, and that ClickUp
 * may be down, is forgotten in between, so that no minute has to pass.
 */
async function inTurns(stage: Stage, turns: number, count: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    using recording = stage.record()
    await stage.forgetUpstream()
    await stage.deliver(count)
    await until(() => recording.data.some(({ name }) => name === 'ApiCalls') || undefined, {
      what: 'the calls to be made',
      deadlineMs: 20_000,
      everyMs: 20,
    })
  }
}

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

  /**
   * Not down, or the breaker would keep the calls few: a third of the answers are faults. Those of many calls at once may come in a
   * row, which is what it goes by.
   */
  async ApiServerErrors(stage) {
    stage.clickup.faults.serverErrorEvery = 3
    await inTurns(stage, 10, 3)
  },

  /** Somebody else uses the token up, and the headers do not say so. A refusal keeps all functions from calling until its window ends. */
  async RateLimited(stage) {
    Object.assign(stage.clickup.faults, { rateLimit: 1, toldRateLimit: 10_000 })
    await inTurns(stage, 7, 1)
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
