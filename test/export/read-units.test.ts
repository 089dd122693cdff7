import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { exported } from '../../core/export/export.ts'
import { EXPORTS } from '../../core/export/kind.ts'
import { meterReads, usdOf, wholeUnits } from '../../core/export/read-units.ts'
import { dumpAll, populate } from '../forget/world.ts'
import { startDynamo, type Tables } from '../support/dynamo.ts'

let db: Awaited<ReturnType<typeof startDynamo>>
beforeAll(async () => {
  db = await startDynamo()
})
afterAll(() => db.close())

test('what a whole export costs is said beforehand about right, and counted to the unit', async () => {
  const services = { dynamo: db.dynamo, tables: await db.tables() }
  await populate(services, { tasks: 40, seed: 3 })
  await sayingSizes(services)
  for (const name of EXPORTS) {
    const said = (await wholeUnits(name, services)) ?? Number.NaN
    const meter = meterReads(db.dynamo, null)
    let rows = 0
    for await (const chunk of exported(name, services, { since: undefined, until: 2e12, connections: ['main'] }, 'csv'))
      rows += chunk.rows
    meter.stop()
    expect([name, rows > 0, meter.units() > 0]).toEqual([name, true, true])
    expect(said / meter.units()).toBeGreaterThan(0.5)
    expect(said / meter.units()).toBeLessThan(2)
    const counted = meter.units()
    await services.dynamo.send(new ScanCommand({ TableName: services.tables.tasks, Limit: 1 }))
    expect(meter.units()).toBe(counted)
  }
  expect(usdOf(1e6)).toBeCloseTo(0.125)
})

/** The local DynamoDB does not count what is in a table, as the service does every six hours. */
async function sayingSizes({ tables }: { tables: Tables }): Promise<void> {
  const stored = await dumpAll({ dynamo: db.dynamo, tables })
  db.dynamo.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const asked = Object.entries(tables).find(
          ([, name]) => 'TableName' in args.input && args.input.TableName === name,
        )
        const items =
          commandName === 'DescribeTableCommand' && asked ? [...stored[tableSchema.parse(asked[0])].values()] : null
        if (items === null) return next(args)
        const TableSizeBytes = items.reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0)
        return { response: {}, output: { $metadata: {}, Table: { TableSizeBytes, ItemCount: items.length } } }
      },
    { step: 'initialize' },
  )
}

const tableSchema = z.enum(['ledger', 'tasks', 'state'])
