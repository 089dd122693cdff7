import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backfillRuns } from '../../core/sync/run-store.ts'
import { startDynamo } from '../support/dynamo.ts'
import { Death, HOUR, NOON, setUpSync } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** Tasks on two pages, with time entries. */
async function workspace() {
  const its = await setUpSync(embedded)
  const ids = Array.from({ length: 130 }, (_, i) =>
    its.world.inThePast(NOON - (i + 5) * HOUR, () => {
      const { id } = its.task(`Task ${i}`)
      if (i % 10 === 0)
        its.world.trackTime(its.actor, { taskId: id, start: NOON - (i + 6) * HOUR, end: NOON - (i + 5) * HOUR })
      return id
    }),
  )
  await its.deliveries()
  const completed = () => its.notices.filter(({ detailType }) => detailType === 'Backfill Completed')
  return { ...its, ids, completed }
}

const missing = async ({ tasks, ids }: Awaited<ReturnType<typeof workspace>>) => {
  const stored = await tasks.load('main', ids.slice(0, 100))
  for (const part of [ids.slice(100)]) for (const [id, one] of await tasks.load('main', part)) stored.set(id, one)
  return ids.filter((id) => stored.get(id)?.snapshot === null || stored.get(id)?.known?.begun !== true)
}

describe('a backfill', () => {
  it('stores every task with what the ledger begins with, and tells of nothing but its end', async () => {
    const its = await workspace()
    await its.play({ job: 'backfill', reason: 'asked' })
    expect(await missing(its)).toEqual([])
    expect(its.published).toEqual([])
    expect(its.completed()).toMatchObject([
      { detailType: 'Backfill Completed', detail: { tasks: 130, timeEntries: 13, timeInStatus: true } },
    ])
    const entries = await its.services().worklog.entriesFrom('main', { from: NOON - 300 * HOUR, until: NOON })
    expect(entries).toHaveLength(13)
  })

  it('tells of every task once when it is asked to', async () => {
    const its = await workspace()
    await its.play({ job: 'backfill', reason: 'asked', publish: true })
    expect(new Set(its.published.map(({ resource }) => resource.id))).toEqual(new Set(its.ids))
    expect(its.published).toHaveLength(its.ids.length)
  })

  it.each([0, 3, 6])('comes to the same when its worker dies for the first time at %i', async (at) => {
    const its = await workspace()
    let handed = 0
    its.trouble.die = () => {
      handed += 1
      if (handed - 1 === at) throw new Death()
    }
    await its.play({ job: 'backfill', reason: 'asked' })
    expect(handed).toBeGreaterThan(at)
    expect(await missing(its)).toEqual([])
    expect(its.published).toEqual([])
    expect(its.completed()).toHaveLength(1)
    expect(await backfillRuns(its.state, 'main').load()).toMatchObject({ phase: 'done', tasks: 130, timeEntries: 13 })
    // The page it died of is read again, and no other.
    const pages = its.paths.filter((path) => path.includes('date_updated_gt'))
    expect(pages.length - new Set(pages).size).toBeLessThanOrEqual(1)
  })

  it('begins once, however often it is asked for while it goes on', async () => {
    const its = await workspace()
    const asked = { job: 'backfill', connection: 'main', reason: 'asked' } as const
    await Promise.all([its.act(asked), its.act(asked)])
    await its.act(asked)
    await its.play({ job: 'backfill', run: 'another' })
    expect(its.completed()).toHaveLength(1)
  })

  it('goes on without times in status where the workspace does not tell them, and says so', async () => {
    const its = await workspace()
    its.fake.faults.timeInStatus = false
    await its.play({ job: 'backfill', reason: 'asked' })
    expect(await backfillRuns(its.state, 'main').load()).toMatchObject({
      phase: 'done',
      note: 'the workspace does not tell times in status',
    })
    expect(await missing(its)).toEqual([])
  })
})
