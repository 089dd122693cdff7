import { paginateScan } from '@aws-sdk/lib-dynamodb'
import type { ExportServices } from './kind.ts'

/** A megabyte is what DynamoDB gives at the most; fewer items keep the memory flat, whatever is in them. */
const PAGE = 500

type Scan = {
  table: string
  /** A FilterExpression: what it leaves out is read and paid for, and not sent. */
  filter: string
  names: Record<string, string>
  values: Record<string, unknown>
}

/** All items of a table that pass a filter, page by page, in no order. */
export async function* scanned(
  { dynamo }: Pick<ExportServices, 'dynamo'>,
  { table, filter, names, values }: Scan,
): AsyncGenerator<Record<string, unknown>[]> {
  const pages = paginateScan(
    { client: dynamo, pageSize: PAGE },
    {
      TableName: table,
      FilterExpression: filter,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  )
  for await (const { Items } of pages) yield Items ?? []
}

/** The connection is the first part of every key. */
export const connectionOfKey = (key: unknown): string => String(key).split('#')[0] ?? ''
