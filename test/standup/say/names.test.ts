import { beforeAll, describe, expect, it } from 'vitest'
import { loadNames, namesOf } from '../../../core/standup/say/names.ts'
import type { KeptStatement } from '../../../core/standup/statement.ts'
import { saveMembers } from '../../../core/sync/members.ts'
import { createTaskStore } from '../../../core/tasks/store.ts'
import { startDynamo } from '../../support/dynamo.ts'
import { materialOf } from './support/material.ts'

const embedded = await startDynamo()
const { dynamo } = embedded
const tables = await embedded.tables()

const person = (id: string, name: string | null) => ({ id, name })

const statement = (text: string): KeptStatement => ({
  ...{ section: 'done', text, by: 'model', changeIds: [], taskIds: [] },
})

beforeAll(async () => {
  await createTaskStore({ dynamo, table: tables.tasks }).record(
    'main',
    {
      ...{ kind: 'seen', id: 'a1', archived: false, observedAt: 1 },
      fields: { name: 'Mend\nthe roof', creator: person('5', 'Left Long-Ago'), assignees: [person('1', 'Old name')] },
    },
    null,
  )
  const members = [
    { ...person('1', 'Ann Meyer'), role: 3 },
    { ...person('2', 'ben'), role: 3 },
    { ...person('3', null), role: 3 },
  ]
  await saveMembers({ dynamo, table: tables.state }, 'main', { readAt: 1, members })
})

const load = (connection: string, people: Record<string, string> = {}) =>
  loadNames({ dynamo, tables, settings: { reports: { people } } }, connection, [
    statement('{person:1} finished {task:a1}.'),
    statement('{person:2} finished {task:a2}.'),
  ])

describe('names of what was kept', () => {
  it('are those of today', async () => {
    const names = await load('main', { ben: 'Benjamin Berg' })
    expect([names.task('a1'), names.person('1'), names.person('2')]).toEqual([
      'Mend the roof',
      'Ann Meyer',
      'Benjamin Berg',
    ])
  })

  it('are known of people who have left by the tasks that still name them', async () => {
    expect((await load('main')).person('5')).toBe('Left Long-Ago')
  })

  it('are none of whoever is not known', async () => {
    const names = await load('main')
    expect([names.task('a2'), names.person('3'), names.person('9')]).toEqual(['a2', 'somebody', 'somebody'])
    const elsewhere = await load('other')
    expect([elsewhere.task('a1'), elsewhere.person('1')]).toEqual(['a1', 'somebody'])
  })
})

it('nobody in a material is told an id in place of a name', () => {
  const people = new Map([['p1', { ref: 'p1', id: '4711', name: '4711' }]])
  const names = namesOf(materialOf([{ kind: 'done', task: 't1', at: 1, by: 'p1', status: 'live' }], { people }))
  expect(names.person('4711')).toBe('somebody')
})
