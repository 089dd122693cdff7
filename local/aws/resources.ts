import { type Arns, nameOf } from './arns.ts'
import { isObject, type JsonObject, type JsonService } from './call.ts'
import { logGroupOf } from './logs/handler.ts'

const ANY = ['*']

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function ofTable(arns: Arns, body: JsonObject): string[] {
  // BatchGetItem and BatchWriteItem name their tables as keys.
  if (isObject(body['RequestItems'])) return Object.keys(body['RequestItems']).map(arns.table)
  const arn = text(body['ResourceArn'])
  if (arn !== null) return [arn]
  const table = text(body['TableName'])
  if (table === null) return ANY
  const index = text(body['IndexName'])
  return [index === null ? arns.table(table) : `${arns.table(table)}/index/${index}`]
}

function ofQueue(arns: Arns, body: JsonObject): string[] {
  const name = text(body['QueueUrl']) ?? text(body['QueueName'])
  return name === null ? ANY : [arns.queue(nameOf(name))]
}

function ofBus(arns: Arns, operation: string, body: JsonObject): string[] {
  if (operation === 'PutEvents') {
    const entries: unknown[] = Array.isArray(body['Entries']) ? body['Entries'] : []
    const buses = entries.map((entry) => (isObject(entry) ? text(entry['EventBusName']) : null) ?? 'default')
    return [...new Set(buses.map(arns.bus))]
  }
  if (operation.startsWith('List') || operation === 'TestEventPattern') return ANY
  if (operation.endsWith('EventBus')) return [arns.bus(text(body['Name']) ?? 'default')]
  return [arns.rule(nameOf(text(body['EventBusName']) ?? 'default'), text(body['Rule']) ?? text(body['Name']) ?? '')]
}

/** The ARNs that IAM looks at. `secretArn` resolves a secret's name or ARN, however it was asked for. */
export function resourcesOf(
  service: JsonService,
  operation: string,
  body: JsonObject,
  arns: Arns,
  secretArn: (id: string) => string,
): string[] {
  switch (service) {
    case 'dynamodb':
      return ofTable(arns, body)
    case 'sqs':
      return ofQueue(arns, body)
    case 'events':
      return ofBus(arns, operation, body)
    case 'logs': {
      const group = text(body['logGroupName']) ?? text(body['logGroupIdentifier'])
      return group === null ? ANY : [arns.logGroup(logGroupOf(group))]
    }
    case 'cloudwatch': {
      const names: unknown = body['AlarmNames'] ?? [body['AlarmName']]
      const given = Array.isArray(names) ? names.map(text).filter((name) => name !== null) : []
      return given.length === 0 ? [arns.alarm('*')] : given.map(arns.alarm)
    }
    case 'secretsmanager': {
      const id = text(body['SecretId']) ?? text(body['Name'])
      return id === null ? ANY : [secretArn(id)]
    }
  }
}

/** The action as IAM knows it; SQS's batch operations need the right of the single one. */
export const actionOf = (service: JsonService, operation: string) =>
  `${service}:${service === 'sqs' ? operation.replace(/Batch$/, '') : operation}`
