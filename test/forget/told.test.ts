import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { noCounts } from '../../core/forget/counts.ts'
import { erase, survey } from '../../core/forget/forget.ts'
import { textRules } from '../../core/forget/person-texts.ts'
import type { Subject } from '../../core/forget/subject.ts'
import { judgeTold } from '../../core/forget/told.ts'
import { recordItem } from '../../core/standup/deliver/record.ts'
import { startDynamo, type Tables } from '../support/dynamo.ts'
import { ADA, dumpAll, NOW, populate, restore, servicesFor, TASK } from './world.ts'

let db: Awaited<ReturnType<typeof startDynamo>>
let master: Awaited<ReturnType<typeof dumpAll>>
let place: { dynamo: typeof db.dynamo; tables: Tables }
beforeAll(async () => {
  db = await startDynamo()
  const first = { dynamo: db.dynamo, tables: await db.tables() }
  await populate(first, { tasks: 10, seed: 3 })
  master = await dumpAll(first)
})
afterAll(() => db.close())
beforeEach(async () => {
  place = { dynamo: db.dynamo, tables: await db.tables() }
  await restore(place, master)
})

/** What is kept of summaries and recipes, each still one of ours; by what it was done for. */
async function told() {
  const items = [...(await dumpAll(place)).state.values()].filter(({ pk }) => String(pk).includes('#told#'))
  return new Map(
    items.map((item) => {
      const { occasion, made, outputs, version } = recordItem.parse(item)
      const on = typeof occasion.on === 'string' ? occasion.on : occasion.on.taskId
      const texts = made?.kind === 'summary' ? made.summary.statements.map(({ text }) => text) : []
      return [on, { texts, outputs, version }]
    }),
  )
}

async function forget(subject: Subject) {
  const services = servicesFor(place)
  const { aliases } = await survey(services, subject)
  const names = { names: [...aliases.names], emails: [...aliases.emails] }
  return erase(services, subject, { startedAt: NOW, ...names, table: 0, after: null, counts: noCounts() })
}

test('of a person nobody is left in what was told, and everything else is', async () => {
  const before = await told()
  const counts = await forget({ kind: 'user', id: ADA.id })
  expect(counts.byKind.summary).toEqual({ changed: 3, deleted: 0 })
  const after = await told()
  const { texts, version } = after.get('2026-09-10') ?? { texts: [], version: 0 }
  expect(texts[0]).toMatch(/^\{person:forgotten\} finished \{task:/)
  expect(texts.at(-1)).toBe('[forgotten] ([forgotten]) says so, and not Ada Morel.')
  expect(texts.slice(1, -1)).toEqual(before.get('2026-09-10')?.texts.slice(1, -1))
  // Whoever was about to write it has read another one.
  expect(version).toBe((before.get('2026-09-10')?.version ?? 0) + 1)
})

test('a recipe goes with its task, and of a summary every statement with it', async () => {
  const before = await told()
  const counts = await forget({ kind: 'task', id: TASK })
  expect(counts.byKind.summary).toEqual({ changed: 2, deleted: 1 })
  const after = await told()
  expect([...after.keys()].sort()).toEqual([...before.keys()].filter((on) => on !== TASK).sort())
  for (const [on, { texts, outputs }] of after) {
    expect(texts).toEqual(before.get(on)?.texts.filter((text) => !text.includes(TASK)))
    expect(outputs.comment).toMatchObject({ reason: 'ClickUp shows no task [forgotten] to this connection.' })
  }
})

test('a statement that rests on the task goes, also where its words do not name it', () => {
  const statements = [
    { text: 'One thing was finished.', taskIds: ['other', TASK] },
    { text: 'Another was.', taskIds: ['other'] },
  ]
  const item = { pk: 'main#told#summary#platform', made: { kind: 'summary', summary: { statements } }, outputs: {} }
  const judged = judgeTold(item, { kind: 'task', id: TASK }, textRules(TASK, { names: new Set(), emails: new Set() }))
  expect(judged).toEqual({
    kind: 'item',
    item: { ...item, made: { kind: 'summary', summary: { statements: statements.slice(1) } } },
  })
})
