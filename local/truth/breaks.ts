import { PK, stateKey } from '../../core/platform/tables.ts'
import { AwsError, type AwsGateway } from '../aws/gateway.ts'
import type { LocalDetails } from '../local-file.ts'
import type { Break } from './options.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a run has to write before it may begin. */
const ITEMS = { sweep: 'sweep', guard: 'webhooks' } as const

/** Breaks one thing from outside, so that the check can be seen to notice; the code under test stays as it is. */
export function breakTruth(
  gateway: Pick<AwsGateway, 'intercept'>,
  { tables, connection }: Pick<LocalDetails, 'tables' | 'connection'>,
  what: Break,
): void {
  gateway.intercept(({ action, body }) => {
    if (!isObject(body)) return undefined
    if (what === 'accounted') return action === 'dynamodb:Query' ? withoutHistory(body, tables.ledger) : undefined
    if (action === 'dynamodb:PutItem' && keyOf(body['Item']) === stateKey(connection, ITEMS[what]))
      // As if somebody else were at it all the time: whoever hears that ends at once.
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed')
    return undefined
  })
}

function keyOf(item: unknown): unknown {
  const key = isObject(item) ? item[PK] : undefined
  return isObject(key) ? key['S'] : undefined
}

/** Who asks for the history of a resource, to recognise what a sweep has found, is told of none. */
function withoutHistory(body: Record<string, unknown>, ledger: string): Record<string, unknown> | undefined {
  const values = body['ExpressionAttributeValues']
  if (body['TableName'] !== ledger || !isObject(values) || !(':since' in values)) return undefined
  return { ...body, ExpressionAttributeValues: { ...values, ':since': { S: '~' } } }
}
