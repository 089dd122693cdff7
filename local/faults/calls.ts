import type { Call } from '../virtual/aws/in-process.ts'

/** An outgoing call of a container, as little of it as tells it from others. */
export type Seen = {
  /** How many of the disturbed containers' calls were begun before it. */
  readonly index: number
  readonly container: string
  /** `DynamoDB`, `SQS`, `EventBridge`, `SecretsManager`; `ClickUp`. */
  readonly service: string
  /** The operation, or ClickUp's method and path. */
  readonly name: string
  /** The table, queue, bus or secret; empty for ClickUp. */
  readonly target: string
  /** What it is about there, where a key says so. */
  readonly key: string
  readonly isRead: boolean
  /** How many entries or keys it carries, for what may succeed in part; 0 for all others. */
  readonly entries: number
}

const READS = /^(Get|BatchGet|Query|Scan|Describe|List)/

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const sizeOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

/** What a call of AWS is, all but its place among the others. By hand, because a run makes hundreds of them. */
export function seenOfAws({ service, name, input }: Call): Omit<Seen, 'index' | 'container'> {
  // Of a BatchGetItem the keys, of a BatchWriteItem the writes.
  const [[table, its] = ['', undefined]] = Object.entries(memberOf(input, 'RequestItems') ?? {})
  const key = memberOf(input, 'Key') ?? memberOf(input, 'Item')
  return {
    ...{ service, name, isRead: READS.test(name) },
    entries: sizeOf(memberOf(input, 'Entries')) + sizeOf(its) + sizeOf(memberOf(its, 'Keys')),
    target:
      textOf(memberOf(input, 'TableName')) ||
      textOf(memberOf(input, 'QueueUrl')).split('/').at(-1) ||
      textOf(memberOf(input, 'SecretId')) ||
      table,
    key: [textOf(memberOf(key, 'pk')), textOf(memberOf(key, 'sk'))].join(' ').trim(),
  }
}

export function seenOfClickUp(url: string, method: string): Omit<Seen, 'index' | 'container'> {
  const name = `${method} ${new URL(url).pathname.replace(/^\/api/, '')}`
  return { service: 'ClickUp', name, target: '', key: '', isRead: method === 'GET', entries: 0 }
}

/** One line for people. */
export const callText = ({ index, container, service, name, target, key }: Seen): string =>
  [`call ${index}`, `${container}:`, service, name, target, key].filter((part) => part !== '').join(' ')
