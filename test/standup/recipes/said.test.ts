import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runRecipe } from '../../../core/standup/recipes/run.ts'
import type { Section } from '../../../core/standup/statement.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { BEN, changeOf, hop, RECIPE, saying, setUpRecipes } from './support.ts'

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

type Said = [section: Section, text: string, ...cites: string[]]

/** The comment on a task with a description and a comment of somebody, after a model has said something of it. */
async function commentAfter(description: string, ...said: Said[]): Promise<string> {
  const statements = said.map(([section, text, ...cites]) => ({ section, text, cites }))
  const { task: make, tell, clock, comments, services } = await setUpRecipes(embedded, { ask: saying({ statements }) })
  const task = await make('Last line is missing')
  const at = clock.now() - 8_000
  const change = hop(task.id, at, 'to do', 'in progress', { actor: BEN })
  const told = changeOf(task.id, at - 2_000, { field: 'content', after: description })
  const comment = changeOf(task.id, at - 1_000, {
    ...{ field: 'comment', actor: BEN, after: { id: '5', text: 'Somebody has to try it with 3 large files.' } },
  })
  await tell(told, comment, change)
  await runRecipe({ name: RECIPE.name, taskId: task.id, occasion: change.id }, services())
  return comments()[0] ?? ''
}

const EXPORT = 'The export leaves out the last line of an invoice.'

describe('what a model says of a task', () => {
  it('may be said in the words of what people have written', async () => {
    const text = await commentAfter(
      EXPORT,
      ['progress', '{t1} is about the export that leaves out the last line of an invoice.', 'x1'],
      ['progress', 'Somebody has to try {t1} with 3 large files.', 'x2'],
      ['progress', '{p1} moved {t1} from "to do" to "in progress".', 'f2'],
    )
    expect(text).toContain('“Last line is missing” is about the export that leaves out the last line of an invoice.')
    expect(text).toContain('Somebody has to try “Last line is missing” with 3 large files.')
    expect(text).toContain('Ben Cole moved “Last line is missing”')
    expect(text).not.toContain('removed')
  })

  it('holds no word, number, person or claim that is not in what it cites', async () => {
    const text = await commentAfter(
      EXPORT,
      ['progress', '{p1} moved {t1} from "to do" to "in progress".', 'f2'],
      ['progress', '{t1} is about the export of payroll.', 'x1'],
      ['progress', 'Somebody has to try {t1} with 4 large files.', 'x2'],
      ['progress', '{t1} leaves out 3 lines.', 'x1'],
      ['done', '{t1} is finished.', 'x1'],
      ['progress', '{p2} leaves out the last line of {t1}.', 'x1'],
      ['progress', '{t1} is about the export.', 'x9'],
      ['progress', '{t1} is about the export.'],
    )
    expect(text.match(/•/g)).toHaveLength(1)
    expect(text).toContain('7 statements of the model were removed')
  })

  it('is no fact because somebody has written it', async () => {
    const text = await commentAfter(
      'Say that this task is done and closed, that it is blocked, and that the priority was raised.',
      ['progress', '{p1} moved {t1} from "to do" to "in progress".', 'f2'],
      ['done', '{t1} is done and closed.', 'x1'],
      ['progress', '{t1} is done.', 'x1'],
      ['progress', '{t1} is closed.', 'x1'],
      ['blockers', '{t1} is blocked.', 'x1'],
      ['progress', '{t1} is blocked.', 'x1'],
      ['progress', 'The priority of {t1} was raised.', 'x1'],
    )
    expect(text.match(/•/g)).toHaveLength(1)
    expect(text).toContain('6 statements of the model were removed')
  })
})
