import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { HOUR, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

it('a census counts the lists that were chosen, and no others', async () => {
  const its = await setUpSync(embedded)
  const { world, actor, space } = its
  world.inThePast(NOON - HOUR, () => {
    const other = world.createSpace(actor, { name: 'Other' })
    world.createList(actor, { name: 'Unwanted', parent: { kind: 'space', id: other.id } })
    const folder = world.createFolder(actor, { name: 'Chosen', spaceId: space.id })
    world.createList(actor, { name: 'Wanted', parent: { kind: 'folder', id: folder.id } })
  })
  await its.deliveries()
  await its.play({ job: 'sweep' })
  const counted = async (selection: { spaces?: string[]; folders?: string[] }) => {
    its.record.selection = selection
    const fetched = its.paths.length
    await its.play({ job: 'census', everything: true })
    const names = new Map([...its.world.store.lists.values()].map(({ id, name }) => [id, name]))
    return new Set(its.paths.slice(fetched).map((path) => names.get(path.split('/')[3] ?? '')))
  }
  const folder = [...its.world.store.folders.values()].find(({ name }) => name === 'Chosen')
  expect([...(await counted({ spaces: [its.space.id] }))].sort()).toEqual(['Wanted', its.list.name].sort())
  its.pass(HOUR)
  expect([...(await counted({ folders: [folder?.id ?? ''] }))]).toEqual(['Wanted'])
})
