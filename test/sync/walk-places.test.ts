import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClickUp } from '../../core/clickup/client.ts'
import { census } from '../../core/sync/census.ts'
import { loadHierarchy, loadSpace, saveSpace } from '../../core/sync/hierarchy.ts'
import { censusRuns, sweepRuns } from '../../core/sync/run-store.ts'
import { sweep } from '../../core/sync/sweep.ts'
import { startDynamo } from '../support/dynamo.ts'
import { rationed } from './rationed.ts'
import { HOUR, MINUTE, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Its = Awaited<ReturnType<typeof setUpSync>>
const SWEEP = { job: 'sweep', connection: 'main', reason: 'schedule' } as const

/** Works a job off with another way to ask ClickUp; answers how many invocations it took. */
async function playWith(its: Its, act: typeof sweep, job: 'sweep' | 'census', clickup: ClickUp, most = 60) {
  its.jobs.push({ job: { ...SWEEP, job, everything: true }, at: its.clock.time })
  for (let count = 1; ; count += 1) {
    await its.drain()
    const next = its.jobs.shift()
    if (next === undefined) return count
    if (count > most) throw new Error(`The ${job} does not come to an end.`)
    its.clock.time = Math.max(its.clock.time, next.at)
    await act(next.job, { ...its.services(), clickup })
  }
}

/** Read and swept, so that all that is there is known and there is a watermark. */
async function swept(make: (its: Its) => void) {
  const its = await setUpSync(embedded)
  its.world.inThePast(NOON - HOUR, () => make(its))
  await its.deliveries()
  for (const job of ['backfill', 'sweep'] as const) {
    its.pass(15 * MINUTE)
    await its.play({ job })
  }
  its.pass(15 * MINUTE)
  const told = () => its.published.map(({ field, resource }) => `${resource.kind} ${field}`)
  const lists = async () => (await loadHierarchy(its.state, 'main'))?.spaces.flatMap((space) => space.lists) ?? []
  return { ...its, told, lists }
}

describe('a walk through the places', () => {
  it('comes to its end when more of them are gone at once than its lane has calls in a minute', async () => {
    const its = await swept(({ world, actor, space }) => {
      const folder = world.createFolder(actor, { name: 'Much', spaceId: space.id })
      for (let i = 0; i < 25; i += 1)
        world.createList(actor, { name: `List ${i}`, parent: { kind: 'folder', id: folder.id } })
    })
    const [folder] = [...its.world.store.folders.values()].filter(({ name }) => name === 'Much')
    its.world.deleteFolder(its.actor, folder?.id ?? '')
    await its.deliveries()
    await playWith(its, sweep, 'sweep', rationed(its.services().clickup, its.clock, 16))
    expect((await sweepRuns(its.state, 'main').load())?.phase).toBe('done')
    const [first] = await its.lists()
    expect(await its.lists()).toEqual([first])
    expect(first?.id).toBe(its.list.id)
  })

  it('asks for an archived space no more', async () => {
    const its = await swept(({ world, actor }) => void world.createSpace(actor, { name: 'Other' }))
    const other = [...its.world.store.spaces.values()].find(({ name }) => name === 'Other')
    if (other === undefined) throw new Error('There is no other space.')
    its.world.store.spaces.set(other.id, { ...other, archived: true })
    await its.play({ job: 'sweep' })
    expect(its.told()).toEqual(['space archived'])
    its.pass(15 * MINUTE)
    const fetched = its.paths.length
    await its.play({ job: 'sweep' })
    expect(its.paths.slice(fetched)).not.toContain(`/v2/space/${other.id}`)
    expect((await loadHierarchy(its.state, 'main'))?.spaces.map(({ name }) => name)).toContain('Other')
  })

  it('takes a space that comes back into sight for no new one', async () => {
    const its = await swept(({ world, actor }) => void world.createSpace(actor, { name: 'Other' }))
    its.world.makePrivate(its.actor, its.space.id, [its.maria.id])
    await its.deliveries()
    await its.play({ job: 'sweep' })
    its.world.makePublic(its.actor, its.space.id)
    await its.deliveries()
    its.pass(15 * MINUTE)
    await its.play({ job: 'sweep' })
    expect(its.told().filter((each) => each.endsWith('creation'))).toEqual([])
  })

  it('leaves a list that was moved to the space that has it, and takes it for no new one', async () => {
    const its = await swept(({ world, actor }) => void world.createSpace(actor, { name: 'Other' }))
    const other = [...its.world.store.spaces.values()].find(({ name }) => name === 'Other')
    const [was, is] = [
      await loadSpace(its.state, 'main', other?.id ?? ''),
      await loadSpace(its.state, 'main', its.space.id),
    ]
    if (was === null || is === null) throw new Error('A space was not listed.')
    // As it was stored while the list was still in the other space.
    await saveSpace(its.state, 'main', { ...was, lists: [...was.lists, ...is.lists] })
    await saveSpace(its.state, 'main', { ...is, lists: [] })
    await its.play({ job: 'sweep' })
    expect(its.told()).toEqual([])
    const found = (await its.lists()).filter(({ id }) => id === its.list.id)
    expect(found).toHaveLength(1)
  })

  it('takes an answer that cannot be read for no sign of anything', async () => {
    const its = await swept((each) => void each.task())
    const ids = [...its.world.tasks()].map(({ id }) => id)
    const { clickup } = its.services()
    const odd: ClickUp = {
      ...clickup,
      get: async (path, schema) =>
        path.startsWith('/list/')
          ? { kind: 'invalid', reason: 'answer: a name was expected' }
          : clickup.get(path, schema),
    }
    await playWith(its, census, 'census', odd)
    const stored = await its.tasks.load('main', ids)
    expect(ids.map((id) => stored.get(id)?.snapshot?.state)).toEqual(['present'])
    expect((await censusRuns(its.state, 'main').load())?.remark).toContain('cannot be read')
  })

  it('comes to all spaces, though more of them than it visits at once can never be listed', async () => {
    const its = await swept(({ world, actor }) => {
      for (let i = 0; i < 30; i += 1) world.createSpace(actor, { name: `Shut ${i}` })
    })
    const shut = [...its.world.store.spaces.values()].filter(({ name }) => name.startsWith('Shut')).map(({ id }) => id)
    for (const id of shut) {
      const space = await loadSpace(its.state, 'main', id)
      if (space !== null) await saveSpace(its.state, 'main', { ...space, listedAt: 0 })
    }
    const { clickup } = its.services()
    const closed: ClickUp = {
      ...clickup,
      get: async (path, schema) =>
        shut.some((id) => path.startsWith(`/space/${id}/`)) ? { kind: 'noAccess' } : clickup.get(path, schema),
    }
    const before = (await loadSpace(its.state, 'main', its.space.id))?.listedAt ?? 0
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await playWith(its, sweep, 'sweep', closed)
      its.pass(15 * MINUTE)
    }
    expect((await loadSpace(its.state, 'main', its.space.id))?.listedAt).toBeGreaterThan(before)
  })

  it('forgets a list and a folder that were deleted while they were archived, and asks for them no more', async () => {
    const its = await swept(({ world, actor, space }) => {
      const folder = world.createFolder(actor, { name: 'Old', spaceId: space.id })
      world.createList(actor, { name: 'Ended', parent: { kind: 'folder', id: folder.id } })
    })
    const folder = [...its.world.store.folders.values()].find(({ name }) => name === 'Old')
    const list = its.world.lists().find(({ name }) => name === 'Ended')
    its.world.archiveList(its.actor, list?.id ?? '')
    its.world.archiveFolder(its.actor, folder?.id ?? '')
    await its.play({ job: 'sweep' })
    its.world.deleteList(its.actor, list?.id ?? '')
    its.world.deleteFolder(its.actor, folder?.id ?? '')
    await its.deliveries()
    for (let days = 0; days < 2; days += 1) {
      its.pass(24 * HOUR)
      await its.play({ job: 'sweep' })
      await its.play({ job: 'census', everything: true })
    }
    const [space] = (await loadHierarchy(its.state, 'main'))?.spaces ?? []
    expect(space?.lists.map(({ id }) => id)).toEqual([its.list.id])
    expect(space?.folders).toEqual([])
    const asked = its.paths.filter((path) => path.startsWith(`/v2/list/${list?.id}`) || path.includes(`${folder?.id}`))
    expect(asked.slice(-3)).toEqual([
      `/v2/list/${list?.id}/task?include_closed=true&subtasks=true&archived=false&page=0`,
      `/v2/list/${list?.id}`,
      `/v2/folder/${folder?.id}`,
    ])
  })
})
