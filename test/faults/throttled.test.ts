import { expect, it } from 'vitest'
import { seenOfAws } from '../../local/faults/calls.ts'
import { errorOf } from '../../local/faults/refusals.ts'
import { MINUTE, smallWorkspace } from '../../local/faults/subjects/sync-stage.ts'
import { changesOutcome, everydayLife } from '../../local/faults/subjects/webhook-stage.ts'
import type { Variation } from '../../local/virtual/variation.ts'

const FROM = 14.5 * MINUTE
const LIFE_UNTIL = 25 * MINUTE

/** DynamoDB refuses whatever any function asks of it, for a minute in which people work and a sweep and the guard begin. */
async function throttled(until: number) {
  const refused = new Map<string, number>()
  let isThrottled = false
  const variation: Variation = {
    through: (call, next, { label }) => {
      if (!isThrottled || call.service !== 'DynamoDB') return next(call)
      const [name = ''] = label.split(' ')
      refused.set(name, (refused.get(name) ?? 0) + 1)
      throw errorOf({ ...seenOfAws(call), index: 0, container: label }, 'throttled')
    },
  }
  const stage = smallWorkspace({ seed: 1, variation })
  const { run, at } = stage
  everydayLife(stage, LIFE_UNTIL, [FROM])
  at(15 * MINUTE, () => run.sync.send({ job: 'sweep', reason: 'schedule' }))
  at(FROM, () => {
    isThrottled = true
  })
  at(until, () => {
    isThrottled = false
  })
  at(75 * MINUTE, () => undefined)
  await run.time.run({ until: run.startedAt + 75 * MINUTE })
  return { run, refused, outcome: changesOutcome(run) }
}

it('a minute in which DynamoDB refuses everything loses nothing and sets nothing aside', async () => {
  const { run, refused, outcome } = await throttled(FROM + MINUTE)
  expect([...refused.keys()].toSorted()).toEqual(['container', 'guard', 'sync'])
  expect(outcome).toEqual({ neverPublished: [], doubles: [], wrongSnapshots: [], unaccounted: [], unsound: [] })
  expect([run.queue.quarantined, run.queue.open(), run.sync.open(), run.guard.open()]).toEqual([0, 0, 0, 0])
  expect(run.metric('DeliveriesRefused')).toBe(0)
})

it('one that never ends is noticed', async () => {
  const { outcome } = await throttled(75 * MINUTE)
  expect(outcome['neverPublished']).not.toEqual([])
})
