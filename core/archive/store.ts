import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import { fewAtOnce } from '../platform/few-at-once.ts'
import { dayPrefixes, groupOf, isWithin, objectKey } from './keys.ts'
import { type ArchivedDelivery, packDeliveries, type Unpacked, unpackDeliveries } from './record.ts'

/** Where the archive is. */
export type ArchivePlace = { s3: S3Client; bucket: string }

/**
 * Stores deliveries, an object for each connection and hour among them. Resolves when S3 has all of them.
 * @param newId never the same twice: an object is never written over
 */
export async function archiveDeliveries(
  place: ArchivePlace,
  deliveries: readonly ArchivedDelivery[],
  newId: () => string,
): Promise<void> {
  const groups = [...Map.groupBy(deliveries, groupOf).values()]
  await fewAtOnce(groups, async (group) => {
    const [first] = group
    if (first !== undefined) await writeArchived(place, objectKey(first, newId()), group)
  })
}

/** Writes an object, also over the one of this key: what is left of it when something was taken out. `rest`: see `Unpacked`. */
export async function writeArchived(
  { s3, bucket }: ArchivePlace,
  key: string,
  deliveries: readonly ArchivedDelivery[],
  rest: readonly string[] = [],
): Promise<void> {
  const Body = await packDeliveries(deliveries, rest)
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/gzip' }))
}

/** Times are milliseconds since 1970; `since` is in the period, `until` is not. */
export type ArchivePeriod = { connection: string; since: number; until: number }

/** The keys of all objects that may hold deliveries of a connection and a period, in the order of time by the hour. */
export async function* archivedKeys(
  { s3, bucket }: ArchivePlace,
  { connection, since, until }: ArchivePeriod,
): AsyncGenerator<string> {
  for (const Prefix of dayPrefixes(connection, since, until)) {
    // S3 lists keys in the order of their bytes, so hours come one after the other.
    for await (const { Contents } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix })) {
      for (const { Key } of Contents ?? []) if (Key !== undefined && isWithin(Key, since, until)) yield Key
    }
  }
}

/** What an object holds; an object that is gone, because its days are over, holds nothing. */
export async function readArchived({ s3, bucket }: ArchivePlace, key: string): Promise<Unpacked> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return await unpackDeliveries((await Body?.transformToByteArray()) ?? new Uint8Array())
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return { deliveries: [], unreadable: 0, rest: [] }
    throw error
  }
}
