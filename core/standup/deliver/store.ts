import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { putIfVersion } from '../../platform/put-if-version.ts'
import { PK, STATE_TTL } from '../../platform/tables.ts'
import { updateIf } from '../../platform/update-if.ts'
import { type Occasion, occasionKey } from './occasion.ts'
import { isOver, type OccasionRecord, type Output, recordItem } from './record.ts'
import { type OccasionServices, type Session, sessionOf, type Where } from './session.ts'

/** Longer than the function may run (three minutes), so that whoever takes over knows that nobody is at it any more. */
const LEASE_MS = 5 * 60_000
/** Longer than a job can wait in a queue and in that of what failed, 14 days each: till then it would be told again. */
const KEEP_DAYS = 35
/** Somebody else is at it each time: then something is wrong. */
const ATTEMPTS = 4

export type Opened =
  | { kind: 'open'; session: Session }
  /** Another worker has it, at the latest until `until` (ms since 1970). */
  | { kind: 'busy'; until: number }
  /** Nothing is left to do. `record` is null where another release has written it: what it has begun is not begun again. */
  | { kind: 'over'; record: OccasionRecord | null }

/** What is kept of an occasion; null where it was never begun. */
export async function loadOccasion(where: Where, occasion: Occasion): Promise<OccasionRecord | null> {
  const item = await itemOf(where, occasion)
  return item === undefined ? null : (recordItem.safeParse(item).data ?? null)
}

async function itemOf({ dynamo, table }: Where, occasion: Occasion): Promise<Record<string, unknown> | undefined> {
  const Key = { [PK]: occasionKey(occasion) }
  return (await dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item
}

/**
 * Makes this worker the owner of an occasion, unless it is over or another one has it.
 *
 * @param outputs what is wanted of it; of one that was begun, what was wanted then
 */
export async function openOccasion(
  services: OccasionServices,
  occasion: Occasion,
  outputs: readonly Output[],
): Promise<Opened> {
  const { clock, owner } = services
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const item = await itemOf(services, occasion)
    const now = clock.now()
    if (item === undefined) {
      const record = begun(occasion, outputs, { owner, now })
      if (await begin(services, record)) return { kind: 'open', session: sessionOf(services, record) }
      continue
    }
    const read = recordItem.safeParse(item)
    if (!read.success) return { kind: 'over', record: null }
    const record = read.data
    if (isOver(record)) return { kind: 'over', record }
    // Our own claim is no obstacle: the SDK repeats a write whose answer was lost.
    if (record.owner !== null && record.owner !== owner && record.leaseUntil >= now)
      return { kind: 'busy', until: record.leaseUntil }
    const taken = { ...record, owner, leaseUntil: now + LEASE_MS, tries: record.tries + 1, version: record.version + 1 }
    if (await takeOver(services, record, taken)) return { kind: 'open', session: sessionOf(services, taken) }
  }
  throw new Error(`What is kept of ${occasionKey(occasion)} was written by others ${ATTEMPTS} times in a row`)
}

const begun = (
  occasion: Occasion,
  outputs: readonly Output[],
  { owner, now }: { owner: string; now: number },
): OccasionRecord => ({
  ...{ occasion, version: 1, owner, leaseUntil: now + LEASE_MS, tries: 1, openedAt: now, made: null, dropped: null },
  outputs: Object.fromEntries(outputs.map((output) => [output, { stage: 'open' as const }])),
})

const forgetAfter = (now: number) => Math.floor(now / 1000) + KEEP_DAYS * 86_400

const begin = ({ dynamo, table, clock }: OccasionServices, record: OccasionRecord): Promise<boolean> =>
  putIfVersion(
    dynamo,
    table,
    { [PK]: occasionKey(record.occasion), ...record, [STATE_TTL]: forgetAfter(clock.now()), schemaVersion: 1 },
    null,
  )

const takeOver = (
  { dynamo, table, clock }: OccasionServices,
  { occasion, version }: OccasionRecord,
  { owner, leaseUntil, tries, version: next }: OccasionRecord,
): Promise<boolean> =>
  updateIf(
    dynamo,
    { table, key: { [PK]: occasionKey(occasion) } },
    {
      set: { owner, leaseUntil, tries, version: next, [STATE_TTL]: forgetAfter(clock.now()) },
      condition: '#version = :from',
      values: { ':from': version },
    },
  )
