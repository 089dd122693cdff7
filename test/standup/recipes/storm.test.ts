import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { observationOf, taskAnswerSchema } from '../../../core/clickup/task.ts'
import { type ChangeEvent, eventOf } from '../../../core/publish/event.ts'
import { createAskModel } from '../../../core/standup/model/ask.ts'
import { createSpending } from '../../../core/standup/model/spend.ts'
import { recipesFor } from '../../../core/standup/recipes/match.ts'
import { type RecipeRun, runRecipe } from '../../../core/standup/recipes/run.ts'
import { createTaskStore } from '../../../core/tasks/store.ts'
import { startModelServer } from '../../../local/model/server.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { BEN, hop, RECIPE, SELF, setUpRecipes } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const TASKS = 100
const COPIES = 5
const CAP_USD = 0.02

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

describe('five hundred events of a bulk edit', () => {
  it('costs no more than the cap, and is told to the last one by one call each', async () => {
    const server = await startModelServer({ seed: 7 })
    onTestFinished(() => server.close())
    const its = await setUpRecipes(embedded, {})
    const { world, actor, list, clock, dynamo, tables, calls } = its
    const spend = createSpending({ dynamo, table: tables.state, clock }, { dayUsd: CAP_USD, monthUsd: 1 })
    const model = {
      ...({ provider: 'openai-compatible', id: 'small', price: { input: 1, output: 1 } } as const),
      ...{ timeoutMs: 3_000, maxOutputTokens: 1_000 },
    }
    const ask = createAskModel(model, {
      ...{ clock, spend, log: quiet, metrics: { count: () => undefined }, region: 'eu-central-1' },
      ...{ baseUrl: server.openaiUrl, key: async () => null, sleep: async () => undefined },
    })

    const events: ChangeEvent[] = []
    const store = createTaskStore({ dynamo, table: tables.tasks })
    for (let i = 0; i < TASKS; i += 1) {
      const { id } = world.createTask(actor, { listId: list.id, name: `Task ${i}` })
      const change = hop(id, clock.now(), 'to do', 'in progress', { actor: BEN })
      const answer = taskAnswerSchema.parse({
        ...{ id, name: `Task ${i}`, list: { id: list.id, name: 'First' } },
        ...{ status: { status: 'in progress', type: 'custom' }, date_updated: String(clock.now()) },
      })
      const task = await store.record('main', observationOf(answer, clock.now() + 6_000, false), null)
      await its.tell(change)
      events.push(eventOf(change, { task, selfId: SELF.id, publishedAt: clock.now() }))
    }

    // Each comes several times, as a queue may have it.
    const all = Array.from({ length: COPIES }, () => events).flat()
    const waiting: (RecipeRun & { notBefore: number })[] = all.flatMap((event) =>
      recipesFor(event, [RECIPE]).map(({ name }) => ({
        ...{ name, taskId: event.resource.id, occasion: event.changeId, notBefore: 0 },
      })),
    )
    expect(waiting).toHaveLength(COPIES * TASKS)
    const ended: Record<string, number> = {}
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      if (run.notBefore > clock.now()) clock.advance(run.notBefore - clock.now())
      const outcome = await runRecipe(run, its.services({ ask }))
      if (outcome.kind === 'again') waiting.push({ ...run, notBefore: clock.now() + outcome.inSeconds * 1_000 })
      const kind = outcome.kind === 'done' ? `done by ${outcome.by}` : outcome.kind
      ended[kind] = (ended[kind] ?? 0) + 1
    }

    const { todayUsd } = await spend.look()
    expect(todayUsd).toBeLessThanOrEqual(CAP_USD)
    const asked = server.requests().length
    const byModel = ended['done by model'] ?? 0
    expect(byModel).toBeGreaterThan(0)
    expect(byModel).toBeLessThanOrEqual(asked)
    expect(asked).toBeLessThan(TASKS)
    expect(byModel + (ended['done by template'] ?? 0)).toBe(TASKS)
    expect(its.comments()).toHaveLength(TASKS)
    expect(new Set(its.comments()).size).toBe(TASKS)
    expect(new Set(calls.map((call) => call.replace(/\w+\/comment$/, 'ID/comment')))).toEqual(
      new Set(['POST /task/ID/comment']),
    )
  })
})
