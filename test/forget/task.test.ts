import { afterAll, beforeAll, expect, test } from 'vitest'
import { noCounts, totalOf } from '../../core/forget/counts.ts'
import { erase, survey } from '../../core/forget/forget.ts'
import type { Subject } from '../../core/forget/subject.ts'
import { readItem } from '../../core/ledger/history.ts'
import { resourceKey } from '../../core/platform/tables.ts'
import { knownItem } from '../../core/tasks/known.ts'
import { snapshotItem } from '../../core/tasks/snapshot.ts'
import { startDynamo } from '../support/dynamo.ts'
import { bytesOf, dumpAll, NOW, populate, servicesFor, TASK } from './world.ts'

const SUBJECT: Subject = { kind: 'task', id: TASK }

let db: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  db = await startDynamo()
})
afterAll(() => db.close())

test('nothing of a task is left in the raw bytes of any table, and others are whole', async () => {
  const place = { dynamo: db.dynamo, tables: await db.tables() }
  await populate(place, { tasks: 30, seed: 11 })
  const services = servicesFor(place)
  const before = await dumpAll(place)
  const { counts: found } = await survey(services, SUBJECT)
  const begun = { startedAt: NOW, names: [], emails: [], table: 0, after: null, counts: noCounts() }
  const counts = await erase(services, SUBJECT, begun)
  expect(counts.byKind).toEqual(found.byKind)
  // Its four changes and its snapshot, with what is accounted.
  expect(counts.byKind).toMatchObject({ snapshot: { deleted: 1 }, accounting: { deleted: 1 } })
  expect(counts.stillShown).toBe(1)
  const after = await dumpAll(place)
  const text = bytesOf([...after.ledger.values(), ...after.tasks.values(), ...after.state.values()])
  expect(text).not.toContain(TASK)
  const own = resourceKey('main', 'task', TASK)
  const others = [...before.ledger].filter(([key]) => !key.startsWith(`${own} `))
  expect([...after.ledger.keys()]).toEqual(others.map(([key]) => key))
  expect([...after.ledger.values()].filter((item) => readItem(item).kind !== 'done')).toEqual([])
  for (const [key, item] of after.tasks) {
    if (key.endsWith(' snapshot')) snapshotItem.parse(item)
    if (key.endsWith(' known')) knownItem.parse(item)
  }
  expect(totalOf((await survey(services, SUBJECT)).counts)).toBe(0)
})
