import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { censusRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function workspace(count: number) {
  const its = await setUpSync(embedded)
  const ids = its.world.inThePast(NOON - HOUR, () => Array.from({ length: count }, (_, i) => its.task(`Task ${i}`).id))
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  its.pass(HOUR)
  /** Of which nothing is delivered. */
  async function remove(some: readonly string[]): Promise<void> {
    for (const id of some) its.world.deleteTask(its.actor, id)
    await its.deliveries()
    its.pass(15 * MINUTE)
  }
  const stateOf = async (id: string) => (await its.tasks.load('main', [id])).get(id)?.snapshot?.state
  const deleted = () => its.published.filter(({ field }) => field === 'deletion').map(({ resource }) => resource.id)
  const run = () => censusRuns(its.state, 'main').load()
  return { ...its, ids, remove, stateOf, deleted, run }
}

describe('a census', () => {
  it('finds a deletion that was never delivered, once', async () => {
    const its = await workspace(12)
    const gone = its.ids.slice(0, 2)
    await its.remove(gone)
    for (let counts = 0; counts < 2; counts += 1) {
      await its.play({ job: 'census', everything: true })
      its.pass(24 * HOUR)
    }
    expect(its.deleted().sort()).toEqual([...gone].sort())
    expect(its.published).toHaveLength(2)
    expect(await Promise.all(gone.map(its.stateOf))).toEqual(['deleted', 'deleted'])
  })

  it('keeps the id of a deletion that is delivered after all', async () => {
    const its = await workspace(3)
    const [id = ''] = its.ids
    its.world.deleteTask(its.actor, id)
    const bodies = await its.deliveries()
    its.pass(15 * MINUTE)
    await its.play({ job: 'census', everything: true })
    await its.deliver(bodies)
    expect(new Set(its.published.map(({ changeId }) => changeId)).size).toBe(1)
  })

  it('tells of a deletion that only the reading for another change has met', async () => {
    const its = await workspace(3)
    const [id = ''] = its.ids
    its.world.rename(its.actor, id, 'Renamed')
    const bodies = await its.deliveries()
    await its.remove([id])
    await its.deliver(bodies)
    expect(await its.stateOf(id)).toBe('deleted')
    expect(its.deleted()).toEqual([])
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    for (let counts = 0; counts < 2; counts += 1) {
      await its.play({ job: 'census', everything: true })
      its.pass(24 * HOUR)
    }
    expect(its.deleted()).toEqual([id])
  })

  it('tells nothing of a deletion that was delivered', async () => {
    const its = await workspace(3)
    const [id = ''] = its.ids
    its.world.deleteTask(its.actor, id)
    await its.deliver(await its.deliveries())
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    await its.play({ job: 'census', everything: true })
    expect(its.deleted()).toEqual([id])
  })

  it.each([
    [60, 10, 'done', 10],
    [60, 11, 'halted', 0],
  ] as const)('of %i tasks of which %i are gone at once is %s and tells of %i', async (count, gone, phase, told) => {
    const its = await workspace(count)
    await its.remove(its.ids.slice(0, gone))
    await its.play({ job: 'census', everything: true })
    expect(await its.run()).toMatchObject({ phase })
    expect(its.deleted()).toHaveLength(told)
    expect(its.counts['CensusHalted'] ?? 0).toBe(phase === 'halted' ? 1 : 0)
    if (phase === 'halted') expect((await its.run())?.note).toContain('nothing was published')
  })

  it('that was halted is believed when somebody says so of that very run, and of no other', async () => {
    const its = await workspace(60)
    const gone = its.ids.slice(0, 11)
    await its.remove(gone)
    await its.play({ job: 'census', everything: true })
    const run = (await its.run())?.run ?? ''
    await its.play({ job: 'census', believe: 'another' })
    expect([its.deleted(), (await its.run())?.phase]).toEqual([[], 'halted'])
    await its.play({ job: 'census', believe: run })
    expect(its.deleted().toSorted()).toEqual(gone.toSorted())
    expect(await its.run()).toMatchObject({ run, phase: 'done', note: null })
    // Said twice, it is done once.
    await its.play({ job: 'census', believe: run })
    expect(its.deleted()).toHaveLength(11)
    // The next one is judged anew.
    await its.remove(its.ids.slice(11, 22))
    await its.play({ job: 'census', everything: true })
    expect(await its.run()).toMatchObject({ phase: 'halted' })
  })

  it('of more tasks believes a hundredth, and no more', async () => {
    const its = await workspace(1_100)
    await its.remove(its.ids.slice(0, 11))
    await its.play({ job: 'census', everything: true })
    expect(await its.run()).toMatchObject({ phase: 'done', deleted: 11 })
    await its.remove(its.ids.slice(11, 23))
    await its.play({ job: 'census', everything: true })
    expect(await its.run()).toMatchObject({ phase: 'halted', deleted: 12 })
    expect(its.deleted()).toHaveLength(11)
  }, 60_000)

  it('takes a space that is out of sight for that, and nothing in it for deleted', async () => {
    const its = await workspace(40)
    const fetched = its.paths.length
    its.world.makePrivate(its.actor, its.space.id, [its.maria.id])
    await its.deliveries()
    await its.play({ job: 'census', everything: true })
    expect(its.deleted()).toEqual([])
    expect(its.paths.length - fetched).toBeLessThan(10)
    expect(await its.stateOf(its.ids[0] ?? '')).toBe('outOfSight')
    its.world.makePublic(its.actor, its.space.id)
    await its.deliveries()
    await its.play({ job: 'census', everything: true })
    expect(await its.stateOf(its.ids[0] ?? '')).toBe('present')
    expect(its.published.filter(({ resource }) => resource.kind === 'task')).toEqual([])
  })

  it('finds what was deleted in a space while that was out of sight, when it is seen again', async () => {
    const its = await workspace(4)
    const [gone = '', ...others] = its.ids
    its.world.makePrivate(its.actor, its.space.id, [its.maria.id])
    await its.play({ job: 'census', everything: true })
    await its.remove([gone])
    its.world.makePublic(its.actor, its.space.id)
    its.pass(24 * HOUR)
    await its.play({ job: 'census', everything: true })
    expect(its.deleted()).toEqual([gone])
    expect(await Promise.all(others.map(its.stateOf))).toEqual(['present', 'present', 'present'])
  })

  it('asks on the next day for others where more are out of sight than a list has reads, and calls none of them news', async () => {
    const its = await workspace(70)
    its.fake.faults.missingTask = 'OAUTH_027'
    const before = await its.tasks.load('main', its.ids)
    for (const id of its.ids) {
      const missing = { kind: 'missing', id, state: 'outOfSight', observedAt: its.clock.time } as const
      await its.tasks.record('main', missing, before.get(id)?.snapshot ?? null)
    }
    await its.remove(its.ids)
    const asked = new Set<string>()
    for (const reads of [60, 70]) {
      its.paths.length = 0
      await its.play({ job: 'census', everything: true })
      for (const id of its.ids) if (its.paths.some((path) => path.includes(`/task/${id}`))) asked.add(id)
      expect(asked.size).toBe(reads)
      expect(await its.run()).toMatchObject({ outOfSight: 0, deleted: 0 })
      its.pass(24 * HOUR)
    }
  })

  it('counts a task that has moved where it is', async () => {
    const its = await workspace(5)
    const [id = ''] = its.ids
    const other = its.world.createList(its.actor, { name: 'Other', parent: { kind: 'space', id: its.space.id } })
    await its.deliveries()
    its.world.move(its.actor, id, other.id)
    await its.deliveries()
    its.pass(15 * MINUTE)
    await its.play({ job: 'census', everything: true })
    expect(its.deleted()).toEqual([])
    expect(await its.run()).toMatchObject({ phase: 'done', there: 1 })
    expect((await its.tasks.load('main', [id])).get(id)?.snapshot?.list?.id).toBe(other.id)
  })
})
