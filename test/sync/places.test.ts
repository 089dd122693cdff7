import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDynamo } from '../support/dynamo.ts'
import { MINUTE, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Sync = Awaited<ReturnType<typeof setUpSync>>
const creations = ({ published }: Sync) =>
  published.filter(({ field }) => field === 'creation').map(({ resource }) => `${resource.kind} ${resource.id}`)

async function sweptOnce(): Promise<Sync> {
  const its = await setUpSync(embedded)
  await its.play({ job: 'sweep' })
  its.pass(15 * MINUTE)
  return its
}

it('tells of a space of which nothing was delivered, and of what is in it', async () => {
  const its = await sweptOnce()
  const space = its.world.createSpace(its.actor, { name: 'Partners' })
  const list = its.world.lists().at(-1)
  await its.deliveries()
  await its.play({ job: 'sweep' })
  its.pass(15 * MINUTE)
  await its.play({ job: 'sweep' })
  expect(creations(its).sort()).toEqual([`list ${list?.id}`, `space ${space.id}`])
})

it('tells of one that a backfill is the first to see, once', async () => {
  const its = await sweptOnce()
  const space = its.world.createSpace(its.actor, { name: 'Partners' })
  const list = its.world.lists().at(-1)
  await its.deliveries()
  await its.play({ job: 'backfill', days: null })
  its.pass(15 * MINUTE)
  await its.play({ job: 'sweep' })
  expect(creations(its).sort()).toEqual([`list ${list?.id}`, `space ${space.id}`])
})

it('tells of a name that a later backfill finds once, however late its delivery', async () => {
  const its = await setUpSync(embedded)
  await its.play({ job: 'backfill', days: null })
  const [list] = its.world.lists()
  if (list === undefined) throw new Error('The workspace has no list.')
  its.world.renameList(its.actor, list.id, 'Renamed')
  const late = await its.deliveries()
  its.pass(2 * MINUTE)
  await its.play({ job: 'backfill', days: null })
  its.pass(6 * MINUTE)
  await its.deliver(late)
  const told = its.published.filter(({ resource, field }) => resource.id === list.id && field === 'name')
  expect(told).toMatchObject([{ after: 'Renamed', origin: 'sweep' }])
})

it('takes all that the first backfill sees for what was there before', async () => {
  const its = await setUpSync(embedded)
  await its.play({ job: 'backfill', days: null })
  its.pass(15 * MINUTE)
  await its.play({ job: 'sweep' })
  expect(creations(its)).toEqual([])
})
