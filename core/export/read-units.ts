import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PRICES } from '../cost/prices.ts'
import type { Pace } from '../platform/pace.ts'
import type { ExportName, ExportServices } from './kind.ts'

const UNIT_BYTES = 4096
/** The snapshot, what is accounted, and now and then time; of each task a history and totals are read. */
const ITEMS_OF_A_TASK = 3

const capacitySchema = z.object({ CapacityUnits: z.number().default(0) })
const answerSchema = z.looseObject({
  ConsumedCapacity: z.union([capacitySchema.transform((one) => [one]), z.array(capacitySchema)]).default([]),
})

/** What the reads of a client cost from now on, and how fast they go. */
export type ReadMeter = { units(): number; stop(): void }

/** Has DynamoDB say with every answer what it has cost; with a pace, holds the next call back until it is due. */
export function meterReads(dynamo: DynamoDBDocumentClient, pace: Pace | null): ReadMeter {
  const name = 'readUnits'
  let units = 0
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      await pace?.ready()
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } })
      const { ConsumedCapacity = [] } = answerSchema.safeParse(answer.output).data ?? {}
      const cost = ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0)
      units += cost
      pace?.took(cost)
      return answer
    },
    { step: 'initialize', name, override: true },
  )
  return { units: () => units, stop: () => void dynamo.middlewareStack.remove(name) }
}

export const usdOf = (units: number): number => units * PRICES.readUnit

/**
 * About how many units reading all of it takes, by the sizes that DynamoDB counts every six hours; null where it does not
 * tell. Scans are eventually consistent, at half a unit for 4 KB; histories and totals are read task by task.
 */
export async function wholeUnits(name: ExportName, { dynamo, tables }: ExportServices): Promise<number | null> {
  const table = name === 'changes' ? tables.ledger : tables.tasks
  const scanned = await sizeOf(dynamo, table)
  if (scanned === null) return null
  const scan = scanned.bytes / UNIT_BYTES / 2
  if (name !== 'status-intervals') return Math.ceil(scan)
  const ledger = await sizeOf(dynamo, tables.ledger)
  if (ledger === null) return null
  const tasks = scanned.items / ITEMS_OF_A_TASK
  return Math.ceil(scan + Math.max(ledger.bytes / UNIT_BYTES, tasks) + tasks)
}

async function sizeOf(dynamo: DynamoDBDocumentClient, table: string): Promise<{ bytes: number; items: number } | null> {
  try {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }))
    return { bytes: Table?.TableSizeBytes ?? 0, items: Table?.ItemCount ?? 0 }
  } catch (error) {
    // Only an estimate hangs on it.
    if (error instanceof Error && error.name === 'AccessDeniedException') return null
    throw error
  }
}
