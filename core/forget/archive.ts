import { DeleteObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { deliveriesOf, isArchived } from '../archive/keys.ts'
import type { ArchivedDelivery } from '../archive/record.ts'
import { type ArchivePlace, readArchived, writeArchived } from '../archive/store.ts'
import { parseJson } from '../platform/json.ts'
import { personRules } from './person-rules.ts'
import { textRules } from './person-texts.ts'
import type { Aliases, Subject } from './subject.ts'
import { taskRules } from './task-rules.ts'
import { type Rules, rewritten } from './walk.ts'

/** One object of the archive, looked at or rewritten. `unreadable`: lines of which nobody can say what is in them. */
export type ArchiveObject = { read: number; changed: number; deleted: number; unreadable: number }

/** Looks at a raw delivery without taking anything out. */
export const bodyOf = ({ body, encoding }: ArchivedDelivery): unknown =>
  parseJson(encoding === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : body)

type Rewritten = { kind: 'keep' } | { kind: 'drop' } | { kind: 'put'; delivery: ArchivedDelivery }

/** What becomes of a raw delivery. */
export function createRewriter(subject: Subject, aliases: Aliases): (delivery: ArchivedDelivery) => Rewritten {
  const rules: Rules =
    subject.kind === 'task'
      ? taskRules(subject.id)
      : personRules(subject.id, textRules(subject.id, aliases), { inTexts: true })
  return (delivery) => {
    const before = bodyOf(delivery)
    // Nobody can read it, so nobody can say what is in it: it cannot be replayed either.
    if (before === undefined) return { kind: 'keep' }
    if (subject.kind === 'task' && taskOf(before) === subject.id) return { kind: 'drop' }
    const after = rewritten(before, rules)
    if (after === before) return { kind: 'keep' }
    // A comment's identity is made of its text: another text would be another change when it is replayed.
    if (isComment(before)) return { kind: 'drop' }
    const text = JSON.stringify(after)
    const body = delivery.encoding === 'base64' ? Buffer.from(text).toString('base64') : text
    return { kind: 'put', delivery: { ...delivery, body } }
  }
}

const memberOf = (value: unknown, key: string): unknown =>
  value !== null && typeof value === 'object' && key in value
    ? Object.entries(value).find(([k]) => k === key)?.[1]
    : undefined

const taskOf = (body: unknown): unknown => memberOf(body, 'task_id')
const isComment = (body: unknown): boolean => String(memberOf(body, 'event')).startsWith('taskComment')

/** The objects of a connection, in the order of time. */
export async function* archivedObjects(place: ArchivePlace, connection: string): AsyncGenerator<string> {
  const pages = paginateListObjectsV2({ client: place.s3 }, { Bucket: place.bucket, Prefix: deliveriesOf(connection) })
  for await (const { Contents } of pages)
    for (const { Key } of Contents ?? []) if (Key !== undefined && isArchived(Key)) yield Key
}

/** Rewrites one object, unless `dryRun`, and deletes one of which nothing is left. */
export async function rewriteObject(
  place: ArchivePlace,
  key: string,
  rewrite: (delivery: ArchivedDelivery) => Rewritten,
  { dryRun }: { dryRun: boolean },
): Promise<ArchiveObject> {
  const { deliveries, unreadable, rest } = await readArchived(place, key)
  const verdicts = deliveries.map((delivery) => ({ delivery, verdict: rewrite(delivery) }))
  const changed = verdicts.filter(({ verdict }) => verdict.kind === 'put').length
  const deleted = verdicts.filter(({ verdict }) => verdict.kind === 'drop').length
  if (!dryRun && changed + deleted > 0) {
    const left = verdicts.flatMap(({ delivery, verdict }) =>
      verdict.kind === 'keep' ? delivery : verdict.kind === 'put' ? verdict.delivery : [],
    )
    if (left.length + rest.length > 0) await writeArchived(place, key, left, rest)
    else await place.s3.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: key }))
  }
  const bodies = deliveries.filter((delivery) => bodyOf(delivery) === undefined).length
  return { read: deliveries.length, changed, deleted, unreadable: unreadable + bodies }
}
