import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { getAll } from '../platform/batch-get.ts'
import type { Clock } from '../platform/clock.ts'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK, TTL_ATTRIBUTE } from '../platform/tables.ts'
import type { Change, Resource } from './change.ts'
import { type Recorded, resourceHistory } from './history.ts'
import { dayKeys, keyOf, SCHEMA_VERSION } from './keys.ts'

/**
 * What a claim finds.
 *
 *     worker A   claim ───────── work ───────── complete
 *                │◀────────────── lease ──────────────▶│
 *     worker B        claim: busy                            claim: duplicate
 *     A crashes  claim ──✕                              │ claim: claimed (taken over)
 */
type Claim =
  /** It is ours until the lease ends. */
  | { kind: 'claimed' }
  /** It is done: a success. */
  | { kind: 'duplicate' }
  /** Another worker has it, at the latest until `leaseUntil`. */
  | { kind: 'busy'; leaseUntil: number }

export type Ledger = {
  claim(change: Change): Promise<Claim>
  /** The ids of those that are done, a hundred a call. One that was done a moment ago may be missing: a claim finds it. */
  doneAmong(changes: readonly Change[]): Promise<ReadonlySet<string>>
  /** Writes the whole change, once; `lost` when the lease had ended and another worker took over. */
  complete(change: Change, publishedAt: number): Promise<'completed' | 'lost'>
  /**
   * Changes of a resource that are done and whose place in its history is not before a time; and how many are on their way there:
   * claimed, by a worker whose lease runs.
   */
  doneSince(resource: Resource, connection: string, since: number): Promise<{ changes: Recorded[]; claimed: number }>
  /** Writes what a delivery tells of a change that a sweep had found, which keeps its id; once. */
  amend(found: Recorded, told: Change): Promise<void>
  /** Gives a claim back, so that whoever comes next need not wait for the lease to end. */
  release(change: Change): Promise<void>
}

const claimSchema = z.looseObject({ status: z.enum(['claimed', 'done']), leaseUntil: z.number().optional() })

export type LedgerServices = {
  dynamo: DynamoDBDocumentClient
  table: string
  clock: Clock
  /** Names this worker and no other: an invocation, not a container. */
  owner: string
  leaseMs: number
  keepDays: number
}

export function createLedger({ dynamo, table, clock, owner, leaseMs, keepDays }: LedgerServices): Ledger {
  const expiry = () => Math.floor(clock.now() / 1000) + keepDays * 86_400

  async function claim(change: Change): Promise<Claim> {
    const now = clock.now()
    try {
      // Thin, and without index attributes: a claim costs one write unit.
      await dynamo.send(
        new PutCommand({
          TableName: table,
          Item: {
            ...keyOf(change),
            status: 'claimed',
            owner,
            leaseUntil: now + leaseMs,
            [TTL_ATTRIBUTE]: expiry(),
            schemaVersion: SCHEMA_VERSION,
          },
          // Our own claim is no obstacle: the SDK repeats a write whose answer was lost.
          ConditionExpression:
            'attribute_not_exists(#pk) OR (#status = :claimed AND (#leaseUntil < :now OR #owner = :owner))',
          ExpressionAttributeNames: {
            '#pk': PK,
            '#status': 'status',
            '#leaseUntil': 'leaseUntil',
            '#owner': 'owner',
          },
          ExpressionAttributeValues: { ':claimed': 'claimed', ':now': now, ':owner': owner },
        }),
      )
      return { kind: 'claimed' }
    } catch (error) {
      if (!isConditionFailure(error)) throw error
    }
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(change), ConsistentRead: true }))
    // Gone between the two calls: its worker has just given it back.
    if (Item === undefined) return { kind: 'busy', leaseUntil: now }
    const found = claimSchema.parse(Item)
    return found.status === 'done' ? { kind: 'duplicate' } : { kind: 'busy', leaseUntil: found.leaseUntil ?? now }
  }

  async function doneAmong(changes: readonly Change[]): Promise<ReadonlySet<string>> {
    const items = await getAll(dynamo, table, changes.map(keyOf), { consistent: false })
    return new Set(items.flatMap(({ status, id }) => (status === 'done' && typeof id === 'string' ? id : [])))
  }

  async function complete(change: Change, publishedAt: number): Promise<'completed' | 'lost'> {
    const { order: _order, ...facts } = change
    return ifOwned(() =>
      dynamo.send(
        new PutCommand({
          TableName: table,
          Item: {
            ...keyOf(change),
            ...dayKeys(change.id, publishedAt),
            ...facts,
            status: 'done',
            publishedAt,
            [TTL_ATTRIBUTE]: expiry(),
            schemaVersion: SCHEMA_VERSION,
          },
          ...OWNED,
          ExpressionAttributeValues: { ':owner': owner },
        }),
      ),
    )
  }

  const doneSince = (resource: Resource, connection: string, since: number) =>
    resourceHistory({ dynamo, table }, { connection, resource, since, leasedAt: clock.now() })

  async function amend(found: Recorded, told: Change): Promise<void> {
    const { order: _order, ...facts } = told
    const { id, publishedAt, receivedAt } = found
    try {
      await dynamo.send(
        new PutCommand({
          TableName: table,
          Item: {
            ...keyOf(found),
            ...dayKeys(id, publishedAt),
            ...facts,
            ...{ id, publishedAt, receivedAt, toldBy: told.id },
            status: 'done',
            [TTL_ATTRIBUTE]: expiry(),
            schemaVersion: SCHEMA_VERSION,
          },
          ConditionExpression: '#status = :done AND #origin = :sweep',
          ExpressionAttributeNames: { '#status': 'status', '#origin': 'origin' },
          ExpressionAttributeValues: { ':done': 'done', ':sweep': 'sweep' },
        }),
      )
    } catch (error) {
      // Told before.
      if (!isConditionFailure(error)) throw error
    }
  }

  async function release(change: Change): Promise<void> {
    await ifOwned(() =>
      dynamo.send(
        new DeleteCommand({
          TableName: table,
          Key: keyOf(change),
          ...OWNED,
          ExpressionAttributeValues: { ':owner': owner },
        }),
      ),
    )
  }

  return { claim, doneAmong, complete, doneSince, amend, release }
}

/** A done item has no owner, so this holds for our own running claim only. */
const OWNED = { ConditionExpression: '#owner = :owner', ExpressionAttributeNames: { '#owner': 'owner' } }

async function ifOwned(write: () => Promise<unknown>): Promise<'completed' | 'lost'> {
  try {
    await write()
    return 'completed'
  } catch (error) {
    if (isConditionFailure(error)) return 'lost'
    throw error
  }
}
