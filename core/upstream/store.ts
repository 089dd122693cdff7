import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { PK, stateKey } from '../platform/tables.ts'
import { updateIf } from '../platform/update-if.ts'
import { versioned } from '../platform/versioned.ts'
import { type Breaker, breakerSchema } from './breaker.ts'
import type { Change, Condition, Path } from './change.ts'
import { type Refusal, refusalSchema } from './refusal.ts'
import { WINDOW_PREFIX, type Window, windowSchema } from './window.ts'

/** What all workers of a connection share: one item, so that one read tells everything. */
export type Upstream = {
  windows: Readonly<Record<string, Window>>
  breaker: Breaker | null
  refusal: Refusal | null
}

export type UpstreamStore = {
  /** What was written last. */
  load(): Promise<Upstream>
  /** False when a condition did not hold. */
  apply(change: Change): Promise<boolean>
}

const itemSchema = versioned(z.looseObject({ breaker: breakerSchema.optional(), refusal: refusalSchema.optional() }))

/** @throws ZodError when the item is in a form that is not ours */
export function parseUpstream(item: Readonly<Record<string, unknown>>): Upstream {
  const { breaker = null, refusal = null } = itemSchema.parse(item)
  const windows = Object.entries(item)
    .filter(([attribute]) => attribute.startsWith(WINDOW_PREFIX))
    .map(([attribute, value]) => [attribute.slice(WINDOW_PREFIX.length), windowSchema.parse(value)] as const)
  return { windows: Object.fromEntries(windows), breaker, refusal }
}

type Table = { dynamo: DynamoDBDocumentClient; table: string }

export const upstreamKey = (connection: string) => ({ [PK]: stateKey(connection, 'upstream') })

export function createUpstreamStore({ dynamo, table }: Table, connection: string): UpstreamStore {
  const key = upstreamKey(connection)
  return {
    async load() {
      const { Item = {} } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
      try {
        return parseUpstream(Item)
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error
        // It says nothing that the next answers will not say again, and no condition on it can ever hold.
        await dynamo.send(new DeleteCommand({ TableName: table, Key: key }))
        return parseUpstream({})
      }
    },
    apply: (change) => updateIf(dynamo, { table, key }, expressionOf(change)),
  }
}

/** A change in DynamoDB's words. */
function expressionOf({ set, add, remove, when }: Change) {
  const names: Record<string, string> = { '#schemaVersion': 'schemaVersion' }
  const values: Record<string, unknown> = { ':schemaVersion': 1 }
  const pathOf = (path: Path) =>
    path
      .flatMap((part) => (part === undefined ? [] : [part]))
      .map((part) => {
        const known = Object.keys(names).find((name) => names[name] === part)
        const name = known ?? `#n${Object.keys(names).length}`
        names[name] = part
        return name
      })
      .join('.')
  const placeholderOf = (value: unknown) => {
    const name = `:v${Object.keys(values).length}`
    values[name] = value
    return name
  }
  const conditionOf = (condition: Condition) => {
    const path = pathOf(condition.path)
    if ('atMost' in condition) return `${path} <= ${placeholderOf(condition.atMost)}`
    return condition.is === null ? `attribute_not_exists(${path})` : `${path} = ${placeholderOf(condition.is)}`
  }
  return {
    assign: [
      '#schemaVersion = :schemaVersion',
      ...set.map(({ path, value }) => `${pathOf(path)} = ${placeholderOf(value)}`),
      // ADD is for attributes of the item only, not for those inside one.
      ...add.map(({ path, by }) => `${pathOf(path)} = ${pathOf(path)} + ${placeholderOf(by)}`),
    ],
    remove: remove.map(pathOf),
    condition: when.map(conditionOf).join(' AND '),
    names,
    values,
  }
}
