import type { AwsGateway } from '../aws/gateway.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * Switches deduplication off from outside, so that the check can be seen to notice: the ledger's puts lose their
 * conditions, and every claim succeeds, whoever has it or has done with it. The code under test stays as it is.
 */
export function breakDedupe(gateway: Pick<AwsGateway, 'intercept'>, ledgerTable: string): () => void {
  return gateway.intercept(({ action, body }) => {
    if (action !== 'dynamodb:PutItem' || !isObject(body) || body['TableName'] !== ledgerTable) return undefined
    // The names and values go with it: DynamoDB refuses those that no expression uses.
    const {
      ConditionExpression: _condition,
      ExpressionAttributeNames: _names,
      ExpressionAttributeValues: _values,
      ...unconditional
    } = body
    return unconditional
  })
}
