import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { observationOf, taskAnswerSchema } from '../../../core/clickup/task.ts'
import type { Change } from '../../../core/ledger/change.ts'
import { beginRound } from '../../../core/standup/recipes/round.ts'
import type { RecipeSettings, SummarySettings } from '../../../core/standup/settings.ts'
import { createTaskStore } from '../../../core/tasks/store.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { ANN, changeOf, hop, RECIPE, SELF, setUpRecipes } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** Monday, 17:00 in Berlin; the time before was Friday. */
const DUE = Date.parse('2026-03-16T16:00:00Z')
const FRIDAY = Date.parse('2026-03-13T16:00:00Z')

const DAILY: RecipeSettings = {
  ...{ ...RECIPE, name: 'daily', act: { kind: 'field', field: 'Summary' }, prompt: 'field/v1' },
  on: { kind: 'schedule', timeZone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '17:00' },
}

const SUMMARY: SummarySettings = {
  ...{ name: 'platform', connection: 'main', lists: [], spaces: [], timeZone: 'UTC', days: ['mon'], at: '09:00' },
  ...{ audience: 'the team', prompt: 'v1', to: { field: { task: '86a', name: 'Standup' }, event: false } },
}

async function setUp(recipe: RecipeSettings = DAILY) {
  const its = await setUpRecipes(embedded, { recipes: [recipe], settings: { summaries: [SUMMARY] } })
  its.clock.advance(DUE - its.clock.now())
  const store = createTaskStore({ dynamo: its.dynamo, table: its.tables.tasks })
  /** A task that was read, without ClickUp: it may be one of many. */
  const seen = (id: string, list = '900', locations: readonly string[] = []) => {
    const answer = taskAnswerSchema.parse({
      ...{ id, name: `Task ${id}`, list: { id: list, name: 'First' }, space: { id: '80' } },
      locations: locations.map((each) => ({ id: each, name: 'Other' })),
    })
    return store.record('main', observationOf(answer, FRIDAY, false), null)
  }
  const round = async (over = {}) => {
    its.jobs.length = 0
    const sent = await beginRound('daily', DUE, its.services(over))
    return { sent, ids: its.jobs.map((job) => (job.job === 'recipe' ? job.taskId : '')) }
  }
  return { ...its, store, seen, round }
}

/** Something that has happened to a task, as it was written down at a time. */
const news = (id: string, at: number, over: Partial<Change> = {}) => changeOf(id, at, { field: 'name', ...over })

describe('a round', () => {
  it('is a job for each task to which something has happened since the time before, the newest first', async () => {
    const { seen, tell, round, jobs } = await setUp()
    for (const id of ['a', 'b', 'c', 'd']) await seen(id)
    await tell(news('a', FRIDAY + 1_000), news('b', DUE - 5_000), news('a', FRIDAY + 9_000), news('c', FRIDAY - 9_000))
    await tell(news('d', DUE + 1_000))
    expect(await round()).toEqual({ sent: 2, ids: ['b', 'a'] })
    expect(jobs[0]).toEqual({ job: 'recipe', name: 'daily', taskId: 'b', occasion: '2026-03-16' })
    const first = [...jobs]
    await round()
    expect(jobs).toEqual(first)
  })

  it('is none of what we do ourselves, of reads, of the past, and of fields that are filled', async () => {
    const { seen, tell, round } = await setUp()
    const field = (name: string) => ({
      customField: { id: `id of ${name}`, name, type: 'text' },
      field: 'custom_field',
    })
    const none: Partial<Change>[] = [
      { actor: SELF },
      { ...field('Summary') },
      { ...field(' summary'), actor: null, origin: 'sweep' },
      { ...field('Standup') },
      { field: 'expansion' },
      { field: 'backfill' },
      { field: 'deletion' },
      { origin: 'backfill' },
      { field: 'comment', actor: SELF, after: { id: '1' } },
      { field: 'comment', actor: null, after: { id: '1' } },
      { resource: { kind: 'list', id: 'none-11' } },
      { connection: 'other' },
    ]
    for (const [i, over] of none.entries()) {
      await seen(`none-${i}`)
      await tell(news(`none-${i}`, DUE - 60_000, over))
    }
    expect(await round()).toEqual({ sent: 0, ids: [] })
    await seen('field')
    await seen('comment')
    await tell(news('field', DUE - 60_000, field('Plan')))
    await tell(news('comment', DUE - 50_000, { field: 'comment', actor: ANN, after: { id: '2' } }))
    expect((await round()).ids).toEqual(['comment', 'field'])
    // Any comment may be ours while nobody knows who we are.
    expect((await round({ selfOf: async () => null })).ids).toEqual(expect.not.arrayContaining(['comment']))
  })

  it('is for the tasks of its lists and spaces that are there', async () => {
    const { seen, tell, round, store } = await setUp({ ...DAILY, lists: ['900'], spaces: ['81'] })
    await seen('home')
    await seen('added', '901', ['900'])
    await seen('elsewhere', '901')
    const gone = await seen('gone')
    await store.record('main', { kind: 'missing', id: 'gone', state: 'deleted', observedAt: DUE }, gone)
    for (const id of ['home', 'added', 'elsewhere', 'gone', 'never-read']) await tell(news(id, DUE - 60_000))
    expect((await round()).ids.toSorted()).toEqual(['added', 'home'])
  })

  it('takes two hundred tasks at the most and says that there were more', async () => {
    const { seen, tell, round, lines } = await setUp()
    for (let i = 0; i < 230; i += 1) {
      await seen(`t${i}`)
      await tell(news(`t${i}`, DUE - 300_000 + i * 1_000))
    }
    const { sent, ids } = await round()
    expect([sent, ids[0], ids.length]).toEqual([200, 't229', 200])
    expect(lines.map(({ message }) => message)).toEqual(['Too much has happened for one round of a recipe'])
  })

  it('is nothing a day later, and for what is no recipe on a schedule', async () => {
    const { seen, tell, round, clock, services, lines } = await setUp()
    await seen('a')
    await tell(hop('a', DUE - 60_000, 'to do', 'in progress'))
    expect(await beginRound('nobody', DUE, services())).toBe(0)
    expect(await beginRound('daily', DUE, services({ settings: { ...services().settings, recipes: [RECIPE] } }))).toBe(
      0,
    )
    expect((await round()).sent).toBe(1)
    clock.advance(24 * 3_600_000 + 1)
    expect((await round()).sent).toBe(0)
    expect(lines).toHaveLength(3)
  })
})
