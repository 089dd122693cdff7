import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { gatherMaterial } from '../../../core/standup/facts/gather.ts'
import { recipesFor } from '../../../core/standup/recipes/match.ts'
import { tellSummary } from '../../../core/standup/tell.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { HOUR } from '../../sync/support.ts'
import { setUpTelling } from './world.ts'

// What we write comes back as deliveries, like anybody's changes. It must make nothing of which the next summary or a recipe would tell.

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

async function setUp() {
  const its = await setUpTelling(embedded)
  /** Every recipe that there can be on what happens here. */
  const recipes = ['to do', 'in progress', 'complete'].flatMap((status, i) => ({
    ...{ name: `r${i}`, connection: 'main', on: { kind: 'status', status }, lists: [], spaces: [] },
    ...{ act: { kind: 'field', field: 'Digest' }, prompt: 'field/v1' },
  }))
  const settings = its.settings([its.summary('platform')], recipes)
  const tomorrow = async () => {
    const span = { from: its.due, until: its.due + 24 * HOUR, timeZone: 'UTC' }
    const scope = { connection: 'main', lists: [], spaces: [] }
    return gatherMaterial(
      { dynamo: embedded.dynamo, tables: its.tables, settings },
      { scope, span, now: its.due + 24 * HOUR },
    )
  }
  const published = async (act: () => Promise<unknown> | unknown) => {
    const before = its.published.length
    await act()
    its.pass(HOUR)
    await its.deliver(await its.deliveries())
    return its.published.slice(before)
  }
  return { ...its, settings, tomorrow, publishedBy: published }
}

it('our comment and our field come back as changes of our own, and nobody tells of them or does anything', async () => {
  const { publishedBy, services, settings, due, board, tomorrow, record } = await setUp()
  const events = await publishedBy(() => tellSummary('platform', due, services()))
  expect(events.map(({ field, resource }) => [field, resource.id]).sort()).toEqual([
    ['comment', board.id],
    ['custom_field', board.id],
  ])
  expect(events.map(({ actor }) => actor)).toMatchObject([
    { id: record.userId, isSelf: true },
    { id: record.userId, isSelf: true },
  ])
  expect(events.flatMap((event) => recipesFor(event, settings.recipes))).toEqual([])
  // Paint it is still what somebody works on; of the task that was written on there is nothing.
  const { facts, tasks } = await tomorrow()
  expect(facts.map(({ kind }) => kind)).not.toContain('moved')
  expect([...tasks.values()].map(({ id }) => id)).not.toContain(board.id)
})

it('a status that we set ourselves starts no recipe, and one that somebody else set does', async () => {
  const { publishedBy, services, settings, board, begun, world, actor } = await setUp()
  const ours = await publishedBy(() =>
    services().clickupOf('main').send('PUT', `/task/${board.id}`, { status: 'in progress' }, z.unknown()),
  )
  expect(ours.map(({ field, actor }) => [field, actor?.isSelf])).toEqual([['status', true]])
  expect(ours.flatMap((event) => recipesFor(event, settings.recipes))).toEqual([])
  const theirs = await publishedBy(() => world.setStatus(actor, begun.id, 'complete'))
  expect(theirs.flatMap((event) => recipesFor(event, settings.recipes)).map(({ name }) => name)).toEqual(['r2'])
})
