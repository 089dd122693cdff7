import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AskModel } from '../../../core/standup/model/model.ts'
import { tellSummary } from '../../../core/standup/tell.ts'
import { dyingAt } from '../../support/dying.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { setUpTelling } from './world.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const secrets = new SecretsManagerClient({ region: 'us-east-1' })
/** More than a summary makes. */
const MOST_CALLS = 200

it.each(['before', 'after'] as const)(
  'a worker that dies %s any of its calls leaves one comment, one value and one id',
  async (when) => {
    const its = await setUpTelling(embedded)
    let asked = 0
    const ask: AskModel = async () => {
      asked += 1
      return { kind: 'nothing', why: 'unavailable', reason: 'x', tokens: { input: 0, output: 0 }, costUsd: 0 }
    }
    const settings = its.settings(Array.from({ length: MOST_CALLS }, (_, n) => its.summary(`s${n}`)))
    let last = 1
    let alive = false
    let askedTwice = 0
    for (; !alive; last += 1) {
      if (last >= MOST_CALLS) throw new Error('The worker does not come to an end.')
      const name = `s${last}`
      const before = { asked, calls: its.calls.length, notices: its.notices.length, comments: its.comments().length }
      const dying = dyingAt({ dynamo: embedded.dynamo, secrets }, last, when)
      const first = its.services({
        ...{ settings, ask, dynamo: dying.ports.dynamo },
        fetch: (url, init) => dying.through(() => its.fetched(url, init)),
        publishNotice: (notice) => dying.through(async () => void its.notices.push(notice)),
      })
      await tellSummary(name, its.due, first).catch(() => undefined)
      alive = !dying.died()
      // Whoever comes after has to wait for the lease, then as long as it is told to.
      its.pass(300_001)
      for (let tries = 0; tries < 5; tries += 1) {
        const told = await tellSummary(name, its.due, its.services({ settings, ask }))
        if (told.kind !== 'again') break
        its.pass(told.inSeconds * 1_000)
      }
      const id = its.idOf(name)
      const own = its.comments().filter((text) => text.includes(`#${id.slice(0, 10)}`))
      expect([last, own.length]).toEqual([last, 1])
      expect(its.comments()).toHaveLength(before.comments + 1)
      expect(its.digest()).toBe(own[0]?.split('\n\nHookline ·')[0])
      const events = its.notices.slice(before.notices).map(({ detail }) => 'summaryId' in detail && detail.summaryId)
      expect(new Set(events)).toEqual(new Set([id]))
      const posts = its.calls.slice(before.calls).filter((call) => /^POST .*comment$/.test(call))
      expect(posts).toHaveLength(1)
      if (asked - before.asked > 1) askedTwice += 1
    }
    // It was in every place at which it can die.
    expect(last).toBeGreaterThan(20)
    // What was said and not yet kept is asked for again; nothing else is.
    expect(askedTwice).toBeLessThanOrEqual(1)
  },
)
