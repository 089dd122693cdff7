import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AskModel } from '../../../core/standup/model/model.ts'
import { type RecipeOutcome, runRecipe } from '../../../core/standup/recipes/run.ts'
import { clientOf } from '../../support/clickup-client.ts'
import { dyingAt } from '../../support/dying.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { RECIPE, saying, setUpRecipes } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

const secrets = new SecretsManagerClient({ region: 'us-east-1' })
/** More than a recipe makes. */
const MOST_CALLS = 60

it.each(['before', 'after'] as const)(
  'a worker that dies %s any of its calls leaves one comment, and no model is asked about what is kept',
  async (when) => {
    const its = await setUpRecipes(embedded, {})
    const { fake, clock, comments, services } = its
    const task = await its.task('Checkout shows dollars')
    let asked = 0
    const answer = saying({ statements: [] })
    const ask: AskModel = (question) => {
      asked += 1
      return answer(question)
    }
    let alive = false
    let last = 1
    for (; !alive; last += 1) {
      if (last >= MOST_CALLS) throw new Error('The worker does not come to an end.')
      const run = { name: RECIPE.name, taskId: task.id, occasion: `occasion ${last}` }
      const before = comments().length
      asked = 0
      const dying = dyingAt({ dynamo: embedded.dynamo, secrets }, last, when)
      const clickup = clientOf(fake.url, fake.tokens.service, { fetch: dying.ports.fetch })
      const first = services({ ask, dynamo: dying.ports.dynamo, clickupOf: () => clickup })
      await runRecipe(run, first).catch(() => undefined)
      alive = !dying.died()
      // Whoever comes after has to wait for the lease, then as long as it is told to.
      clock.advance(300_001)
      let outcome: RecipeOutcome = { kind: 'gone' }
      for (let tries = 0; tries < 5; tries += 1) {
        outcome = await runRecipe(run, services({ ask }))
        if (outcome.kind !== 'again') break
        clock.advance(outcome.inSeconds * 1_000)
      }
      expect([last, comments().length - before]).toEqual([last, 1])
      expect(outcome.kind).toMatch(/^(done|already)$/)
      // Only what was made and not kept is made again.
      expect(asked).toBeLessThanOrEqual(2)
    }
    expect(last).toBeGreaterThan(10)
    expect(new Set(comments()).size).toBe(last - 1)
  },
)
