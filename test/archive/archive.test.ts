import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ArchivedDelivery, deliveryIn, packDeliveries, unpackDeliveries } from '../../core/archive/record.ts'
import {
  type ArchivePlace,
  archiveDeliveries,
  archivedKeys,
  readArchived,
  writeArchived,
} from '../../core/archive/store.ts'
import { packBytes, packErrand, packFound } from '../../core/ingest/message.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'

const HOUR = 3_600_000
/** A full hour, UTC: 2026-09-10T13. */
const T = Math.ceil(Date.parse('2026-09-10T12:30:00Z') / HOUR) * HOUR

let gateway: AwsGateway
let s3: S3Client
beforeAll(async () => {
  gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  s3 = new S3Client({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
})
afterAll(async () => {
  s3.destroy()
  await gateway.close()
})

let place: ArchivePlace
let made = 0
beforeEach(async () => {
  made += 1
  place = { s3, bucket: `archive${made}` }
  await gateway.s3.createBucket(place.bucket)
})

let ids = 0
const newId = () => {
  ids += 1
  return `id-${ids}`
}

const aDelivery = (receivedAt: number, over: Partial<ArchivedDelivery> = {}): ArchivedDelivery => ({
  ...{
    connection: 'main',
    slot: 'a',
    receivedAt,
    encoding: 'text',
    body: `{"event":"taskUpdated","at":${receivedAt}}`,
  },
  ...over,
})

async function found(period: { connection?: string; since: number; until: number }) {
  const all: ArchivedDelivery[] = []
  for await (const key of archivedKeys(place, { connection: 'main', ...period }))
    all.push(...(await readArchived(place, key)).deliveries)
  return all
}

describe('what is kept of a message', () => {
  const arrival = { connection: 'main', slot: 'b', receivedAt: T } as const

  it('is what ClickUp sent, byte by byte, where it came in and when', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d])
    const message = packBytes(arrival, bytes)
    const kept = message === null ? null : deliveryIn(message)
    expect(kept).toEqual({ ...arrival, encoding: 'base64', body: bytes.toString('base64') })
    expect(await unpackDeliveries(await packDeliveries(kept === null ? [] : [kept]))).toEqual({
      deliveries: [kept],
      unreadable: 0,
      rest: [],
    })
  })

  it('is nothing of our own messages', () => {
    expect(deliveryIn(packErrand(arrival))).toBeNull()
    expect(deliveryIn(packFound(arrival, '{}'))).toBeNull()
  })
})

describe('the archive', () => {
  it('gives back what came in in a period, to the hour, in the order of hours', async () => {
    const times = [T - 1, T, T + HOUR - 1, T + HOUR, T + 30 * HOUR]
    for (const at of times.toReversed()) await archiveDeliveries(place, [aDelivery(at)], newId)
    const at = (deliveries: ArchivedDelivery[]) => deliveries.map(({ receivedAt }) => receivedAt)
    expect(at(await found({ since: T, until: T + HOUR }))).toEqual(expect.arrayContaining([T, T + HOUR - 1]))
    expect(await found({ since: T, until: T + HOUR })).toHaveLength(2)
    expect(at(await found({ since: T - HOUR, until: T + 40 * HOUR })).map((each) => Math.floor(each / HOUR))).toEqual(
      times.map((each) => Math.floor(each / HOUR)),
    )
    expect(await found({ since: T + 2 * HOUR, until: T + 29 * HOUR })).toEqual([])
  })

  it('keeps connections apart, also those whose names begin alike', async () => {
    await archiveDeliveries(place, [aDelivery(T), aDelivery(T, { connection: 'main-2' })], newId)
    expect(await found({ since: T, until: T + 1 })).toEqual([aDelivery(T)])
    expect(await found({ connection: 'main-2', since: T, until: T + 1 })).toHaveLength(1)
  })

  it('puts a batch into one object, and one that spans two hours into two', async () => {
    await archiveDeliveries(place, [aDelivery(T), aDelivery(T + 5), aDelivery(T + HOUR)], newId)
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: place.bucket }))
    expect(Contents.map(({ Key }) => Key?.replace(/id-\d+/, 'ID'))).toEqual([
      'deliveries/main/2026-09-10/13/ID.ndjson.gz',
      'deliveries/main/2026-09-10/14/ID.ndjson.gz',
    ])
  })

  it('passes over what is none of ours, and over an object that is broken, with a count', async () => {
    await archiveDeliveries(place, [aDelivery(T)], newId)
    const put = (Key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body }))
    await put('deliveries/main/2026-09-10/13/notes.txt', Buffer.from('hello'))
    await put('deliveries/main/2026-09-10/13/broken.ndjson.gz', Buffer.from('no gzip'))
    const unreadable: number[] = []
    for await (const key of archivedKeys(place, { connection: 'main', since: T, until: T + 1 }))
      unreadable.push((await readArchived(place, key)).unreadable)
    expect(unreadable.sort()).toEqual([0, 1])
    expect(await found({ since: T, until: T + 1 })).toEqual([aDelivery(T)])
  })

  it('can be written anew without what has to go, and an object that has expired meanwhile is empty', async () => {
    await archiveDeliveries(place, [aDelivery(T), aDelivery(T + 1)], newId)
    for await (const key of archivedKeys(place, { connection: 'main', since: T, until: T + 1 }))
      await writeArchived(place, key, [aDelivery(T + 1)])
    expect(await found({ since: T, until: T + 2 })).toEqual([aDelivery(T + 1)])
    expect(await readArchived(place, 'deliveries/main/2026-09-10/13/gone.ndjson.gz')).toEqual({
      deliveries: [],
      unreadable: 0,
      rest: [],
    })
  })

  it('skips lines in another form and keeps the rest', async () => {
    const { gzipSync } = await import('node:zlib')
    const lines = [JSON.stringify({ v: 1, ...aDelivery(T) }), '{"v":2}', 'no JSON', '']
    expect(await unpackDeliveries(gzipSync(lines.join('\n')))).toEqual({
      ...{ deliveries: [aDelivery(T)], unreadable: 2 },
      rest: ['{"v":2}', 'no JSON'],
    })
  })
})
