import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadWebhooks, openSession } from '../../core/guard/state.ts'
import { documents } from '../../core/platform/aws/dynamodb.ts'
import { startDynamo, type Tables } from '../support/dynamo.ts'
import { type Case, casesOf } from './cases.ts'

// What a release that is taken back leaves behind: items with attributes that the one before does not know, and, if somebody did not keep
// to the rule of docs/rollback.md, items of another version.

const ROOT = join(import.meta.dirname, '..', '..')
const ADDED = { addedLater: { by: ['the next release'] } }

let embedded: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  embedded = await startDynamo()
})
afterAll(() => embedded.close())

/** Of a client that nobody asks for anything. */
const NOWHERE = { dynamo: documents(new DynamoDBClient({ region: 'us-east-1' })), ledger: '', tasks: '', state: '' }
const NAMES = casesOf(NOWHERE).map(({ by, what }) => ({ by, what }))

async function written(what: string): Promise<{ tables: Tables; one: Case; before: unknown }> {
  const tables = await embedded.tables()
  const one = casesOf({ ...tables, dynamo: embedded.dynamo }).find((each) => each.what === what)
  if (one === undefined) throw new Error(what)
  await one.write()
  return { tables, one, before: await one.read() }
}

async function rewriteAll(tables: Tables, change: (item: Record<string, unknown>) => Record<string, unknown>) {
  for (const table of Object.values(tables))
    for (const item of await embedded.all(table))
      await embedded.dynamo.send(new PutCommand({ TableName: table, Item: change(item) }))
}

const markOf = (item: Record<string, unknown>) => ('v' in item ? 'v' : 'schemaVersion')

describe.each(NAMES)('$what', ({ what }) => {
  it('carries its version', async () => {
    const { tables, before } = await written(what)
    expect(before).toBeTruthy()
    const items = (await Promise.all(Object.values(tables).map(embedded.all))).flat()
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) expect(item).toMatchObject({ [markOf(item)]: 1 })
  })

  it('is read as it was with attributes that nobody knows', async () => {
    const { tables, one, before } = await written(what)
    await rewriteAll(tables, (item) => ({ ...item, ...ADDED }))
    expect(await one.read()).toMatchObject(Object(before))
  })

  it('of a version that nobody knows is not taken for one of ours', async () => {
    const { tables, one, before } = await written(what)
    await rewriteAll(tables, (item) => ({ ...item, [markOf(item)]: 2 }))
    const read = await one.read().catch(() => 'unreadable')
    expect(read).not.toEqual(before)
  })
})

/** Modules that write, and make no kind of item that outlives a release. */
const ELSEWHERE = [
  // Writes items of all kinds as they were, a person's data left out.
  'core/forget/items.ts',
  // Is there while an erasure goes on; one that cannot be read is begun anew.
  'core/forget/progress-store.ts',
]

it('are all kinds of items that are kept', () => {
  const writes = /\bnew (?:Put|Update|BatchWrite|TransactWrite)Command\(|\b(?:putIfVersion|updateIf)\(/
  const modules = globSync('core/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.startsWith('core/platform/') && writes.test(readFileSync(join(ROOT, file), 'utf8')))
    .sort()
  expect([...new Set([...NAMES.map(({ by }) => by), ...ELSEWHERE])].sort()).toEqual(modules)
})

it('a change that is done is a duplicate, whatever version wrote it', async () => {
  const { tables, one } = await written('a change that is done')
  await rewriteAll(tables, (item) => ({ ...item, schemaVersion: 2 }))
  // It is claimed in vain and completed in vain: published it was.
  const before = await embedded.all(tables.ledger)
  await one.write()
  expect(await embedded.all(tables.ledger)).toEqual(before)
})

it('what a later release added to the webhooks survives that this one writes them', async () => {
  const { tables } = await written('webhooks')
  const where = { dynamo: embedded.dynamo, table: tables.state }
  await rewriteAll(tables, (item) => ({ ...item, ...ADDED }))
  const clock = { now: () => 1_789_000_100_000 }
  const opened = await openSession({ state: where, connection: 'main', clock, holder: 'other' }, 'test')
  if (opened.kind !== 'open') throw new Error('busy')
  await opened.session.save({ goodAt: 7 })
  await opened.session.release()
  expect(await embedded.all(tables.state)).toMatchObject([{ ...ADDED, goodAt: 7, lock: null }])
  expect(await loadWebhooks(where, 'main')).not.toHaveProperty('addedLater')
})
