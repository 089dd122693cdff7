import { describe, expect, it, test } from 'vitest'
import type { Scenario } from '../../bench/storms/scenario.ts'
import { bulkEdit } from '../../bench/storms/scenarios/bulk-edit.ts'
import { deadToken } from '../../bench/storms/scenarios/dead-token.ts'
import { hotTask } from '../../bench/storms/scenarios/hot-task.ts'
import { SCENARIOS } from '../../bench/storms/scenarios/index.ts'
import { largeWorkspace } from '../../bench/storms/scenarios/large-workspace.ts'
import { outage, outageOf } from '../../bench/storms/scenarios/outage.ts'
import { lyingHeaders, rateLimitStorm } from '../../bench/storms/scenarios/rate-limit-storm.ts'
import { slowClickUp } from '../../bench/storms/scenarios/slow-clickup.ts'
import { laggingTrickle, trickle } from '../../bench/storms/scenarios/trickle.ts'
import { twentyWorkers } from '../../bench/storms/scenarios/twenty-workers.ts'
import { HOUR, MINUTE } from '../../bench/storms/weather.ts'
import { playIdeal } from './support/ideal-consumer.ts'
import { client, type Manners } from './support/mannered-client.ts'

test('every scenario has a name of its own', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
  for (const { name } of SCENARIOS) expect(name).toMatch(/^[a-z][a-z-]+$/)
})

/** Each is played once by a consumer that is right in everything. */
const ideal = new Map<Scenario, ReturnType<typeof playIdeal>>()
function idealOf(scenario: Scenario) {
  const known = ideal.get(scenario) ?? playIdeal(scenario)
  ideal.set(scenario, known)
  return known
}

describe('before a consumer that is right in everything', () => {
  it.each([bulkEdit, hotTask, trickle, laggingTrickle, slowClickUp, deadToken])('$name holds', async (scenario) => {
    const { ended, bounds, failed } = await idealOf(scenario)
    expect(failed).toEqual([])
    expect(ended).toBe('done')
    expect(bounds.length).toBeGreaterThan(10)
  })

  it('the bulk edit is 10,000 deliveries within a minute, half of its tasks with one date', async () => {
    const { arrivals, run } = await idealOf(bulkEdit)
    expect(Math.abs(arrivals.length - 10_000)).toBeLessThan(150)
    expect(Math.max(...arrivals)).toBeLessThanOrEqual(MINUTE)
    const changes = run.clickup.log.changes()
    expect(changes).toHaveLength(5_000)
    expect(new Set(changes.map(({ resource }) => resource.id)).size).toBe(2_000)
    const dates = Map.groupBy(run.clickup.taskIds, (id) => run.clickup.world.task(id)?.updatedAt)
    expect(Math.max(...[...dates.values()].map((ids) => ids.length))).toBe(1_000)
  })

  it('the hot task has 1,000 changes', async () => {
    const { run } = await idealOf(hotTask)
    expect(run.clickup.log.changes()).toHaveLength(1_000)
    expect(new Set(run.clickup.log.changes().map(({ resource }) => resource.id)).size).toBe(1)
  })

  it('the large workspace changes every task, some of them by deleting them', async () => {
    const { clickup } = largeWorkspace
    expect(clickup.tasks).toBe(20_000)
    // A tenth of it, as quickly: the bench plays it whole.
    const { failed, run } = await playIdeal({ ...largeWorkspace, clickup: { ...clickup, tasks: 2_000 } })
    expect(failed).toEqual([])
    const changes = run.clickup.log.changes()
    expect(new Set(changes.map(({ resource }) => resource.id)).size).toBe(2_000)
    expect(changes.some(({ kind }) => kind === 'deletion')).toBe(true)
  })

  it('the outage lasts a day, with a delivery a second', async () => {
    expect(outage.title).toBe('ClickUp is down for 24 h, one delivery a second')
    // A twelfth of it: the bench plays it whole.
    const { ended, failed, arrivals, run } = await playIdeal(outageOf(2 * HOUR))
    expect(failed).toEqual([])
    expect(ended).toBe('done')
    expect(arrivals.length).toBeGreaterThan(7_000)
    expect(arrivals.length).toBeLessThan(7_500)
    expect(run.time.now() - run.startedAt).toBeGreaterThan(2 * HOUR)
  })
})

describe('what is wrong shows', () => {
  it('a change that is lost', async () => {
    expect((await playIdeal(trickle, { flaw: { loses: 7 } })).failed).toEqual(['lostChanges'])
  })
  it('a snapshot that is wrong in one field', async () => {
    const { failed, ended } = await playIdeal(trickle, { flaw: { blindTo: 'name' } })
    expect(failed).toEqual(['wrongSnapshots', 'truthAfterSeconds'])
    expect(ended).toBe('done')
  })
  it('events that come late', async () => {
    expect((await playIdeal(trickle, { flaw: { lateMs: 5_200 } })).failed).toEqual(['publishedSecondsP99'])
    expect((await playIdeal(laggingTrickle, { flaw: { lateMs: 8_900 } })).failed).toEqual([])
    expect((await playIdeal(bulkEdit, { flaw: { lateMs: 4 * MINUTE } })).failed).toEqual([
      'publishedAfterMinutes',
      'snapshotsTrueAfterMinutes',
    ])
  })
  it('too many calls', async () => {
    expect((await playIdeal(hotTask, { flaw: { reads: true } })).failed).toEqual(['rateLimited', 'apiCallsInAll'])
    expect((await playIdeal(deadToken, { flaw: { reads: true } })).failed).toEqual(['callsWhileDead'])
  })
  it('a message that was set aside, an invocation that was cut off', async () => {
    const flaw = { quarantines: true, timesOut: true }
    expect((await playIdeal(slowClickUp, { flaw })).failed).toEqual(['quarantined', 'timedOutInvocations'])
  })
})

describe('workers', () => {
  const played = async (scenario: typeof twentyWorkers, manners: Manners) =>
    playIdeal(scenario, { client: client(manners) })

  it('hold when they share a budget', async () => {
    const { failed, ended, run } = await played(twentyWorkers, { limit: 95, shared: true })
    expect(failed).toEqual([])
    expect(ended).toBe('done')
    expect(run.clickup.calls.length).toBeGreaterThan(950)
  })
  it('do not when they take too much, or leave too much', async () => {
    expect((await played(twentyWorkers, { limit: 140, shared: true })).failed).toEqual([
      'rateLimited',
      'mostCallsInAWindow',
    ])
    expect((await played(twentyWorkers, { limit: 80, shared: true })).failed).toEqual(['leastUsedShareOfAWindow'])
  })
  it.each([rateLimitStorm, lyingHeaders])('$name: who heeds a 429 holds, who does not does not', async (scenario) => {
    expect((await played(scenario, { limit: 95, shared: true, heeds: 'others too' })).failed).toEqual([])
    expect((await played(scenario, { limit: 95, shared: true, heeds: 'never' })).failed).toEqual([
      'refusalsInAWindow',
      'windowsWithRefusals',
    ])
  })
})
