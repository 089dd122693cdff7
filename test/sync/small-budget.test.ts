import { afterAll, beforeAll, expect, test } from 'vitest'
import { backfill } from '../../core/sync/backfill.ts'
import { census } from '../../core/sync/census.ts'
import { loadHierarchy } from '../../core/sync/hierarchy.ts'
import { backfillRuns, censusRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { rationed } from './rationed.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Its = Awaited<ReturnType<typeof setUpSync>>
type Act = typeof backfill

/** Works a job off with so many calls a minute, until it sends nothing more on; answers how many invocations it took. */
async function playWith(its: Its, act: Act, job: 'backfill' | 'sweep' | 'census', perMinute: number, most = 60) {
  const clickup = rationed(its.services().clickup, its.clock, perMinute)
  its.jobs.push({ job: { job, connection: 'main', reason: 'asked', everything: true }, at: its.clock.time })
  for (let count = 1; ; count += 1) {
    await its.drain()
    const next = its.jobs.shift()
    if (next === undefined) return count
    // A backfill that has ended asks for a sweep.
    if (next.job.job !== job) continue
    if (count > most) throw new Error(`The ${job} does not come to an end.`)
    its.clock.time = Math.max(its.clock.time, next.at)
    await act(next.job, { ...its.services(), clickup })
  }
}

test('a backfill comes through a space that has more folders than its lane has calls in a minute', async () => {
  const its = await setUpSync(embedded)
  const archived = its.world.inThePast(NOON - HOUR, () => {
    for (let i = 0; i < 12; i += 1) its.world.createFolder(its.actor, { name: `Folder ${i}`, spaceId: its.space.id })
    const folder = its.world.createFolder(its.actor, { name: 'Old', spaceId: its.space.id })
    const list = its.world.createList(its.actor, { name: 'Old list', parent: { kind: 'folder', id: folder.id } })
    its.world.archiveList(its.actor, list.id)
    return list
  })
  await its.deliveries()
  await playWith(its, backfill, 'backfill', 8)
  expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ phase: 'done' })
  const hierarchy = await loadHierarchy(its.state, 'main')
  const lists = hierarchy?.spaces.flatMap((space) => space.lists) ?? []
  expect(lists).toContainEqual(expect.objectContaining({ id: archived.id, archived: true }))
})

test('a census comes through a list in which more tasks are gone than its lane has calls in a minute', async () => {
  const its = await setUpSync(embedded)
  const ids = its.world.inThePast(NOON - HOUR, () => Array.from({ length: 40 }, (_, i) => its.task(`Task ${i}`).id))
  await its.deliveries()
  await its.play({ job: 'backfill', reason: 'asked' })
  its.pass(HOUR)
  await its.play({ job: 'sweep' })
  for (const id of ids.slice(0, 30)) its.world.deleteTask(its.actor, id)
  await its.deliveries()
  its.pass(15 * MINUTE)
  const fetched = its.paths.length
  await playWith(its, census, 'census', 8)
  expect(await censusRuns(its.state, 'main').load()).toMatchObject({ phase: 'halted', deleted: 30 })
  // Each was asked for once.
  const asked = its.paths.slice(fetched).filter((path) => path.includes('/task/'))
  expect(asked).toHaveLength(30)
})
