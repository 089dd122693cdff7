import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { refusalOf } from './clients.ts'

let gateway: AwsGateway
const clients: S3Client[] = []
function clientOf(name: string, statements: Statement[] | 'all') {
  gateway.admit({ accessKeyId: name, name, statements })
  const credentials = { accessKeyId: name, secretAccessKey: 'none' }
  const client = new S3Client({ endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 })
  clients.push(client)
  return client
}

let admin: S3Client
beforeAll(async () => {
  gateway = await startAwsGateway()
  admin = clientOf('admin', 'all')
  await gateway.s3.createBucket('raw')
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await gateway.close()
})

const put = (client: S3Client, Key: string, Body: string | Uint8Array = 'x') =>
  client.send(new PutObjectCommand({ Bucket: 'raw', Key, Body }))
const keys = async (Prefix: string) => {
  const { Contents = [] } = await admin.send(new ListObjectsV2Command({ Bucket: 'raw', Prefix }))
  return Contents.map(({ Key }) => Key)
}

it('gives back the bytes that were put, whatever they are', async () => {
  const bytes = Uint8Array.from({ length: 4_096 }, (_, i) => (i * 7) % 256)
  await put(admin, 'bytes/all', bytes)
  const { Body } = await admin.send(new GetObjectCommand({ Bucket: 'raw', Key: 'bytes/all' }))
  expect(await Body?.transformToByteArray()).toEqual(bytes)
})

it('lists by prefix in pages, and deletes one or several', async () => {
  for (const name of ['c', 'a', 'b & <d>']) await put(admin, `list/${name}`)
  const first = await admin.send(new ListObjectsV2Command({ Bucket: 'raw', Prefix: 'list/', MaxKeys: 2 }))
  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/b & <d>'])
  const ContinuationToken = first.NextContinuationToken
  const next = await admin.send(new ListObjectsV2Command({ Bucket: 'raw', Prefix: 'list/', ContinuationToken }))
  expect(next.Contents?.map(({ Key }) => Key)).toEqual(['list/c'])
  await admin.send(new DeleteObjectCommand({ Bucket: 'raw', Key: 'list/a' }))
  const Objects = [{ Key: 'list/b & <d>' }, { Key: 'list/none' }]
  await admin.send(new DeleteObjectsCommand({ Bucket: 'raw', Delete: { Objects } }))
  expect(await keys('list/')).toEqual(['list/c'])
})

it('says of an object or a bucket that is not there what S3 says', async () => {
  const get = (Bucket: string) => admin.send(new GetObjectCommand({ Bucket, Key: 'nowhere' }))
  expect((await refusalOf(get('raw'))).name).toBe('NoSuchKey')
  expect((await refusalOf(get('no-bucket'))).name).toBe('NoSuchBucket')
})

it('lets each principal do what its policy says, to the objects that it names', async () => {
  const actions = ['s3:PutObject']
  const writer = clientOf('writer', [{ effect: 'Allow', actions, resources: ['arn:aws:s3:::raw/deliveries/*'] }])
  await put(writer, 'deliveries/one')
  const elsewhere = await refusalOf(put(writer, 'other/one'))
  expect(elsewhere).toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('arn:aws:s3:::raw/other/one'),
  })
  const reading = await refusalOf(writer.send(new GetObjectCommand({ Bucket: 'raw', Key: 'deliveries/one' })))
  expect(reading).toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('s3:GetObject') })
  const listing = await refusalOf(writer.send(new ListObjectsV2Command({ Bucket: 'raw' })))
  expect(listing).toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('s3:ListBucket') })
  const Delete = { Objects: [{ Key: 'deliveries/one' }] }
  const deleting = await refusalOf(writer.send(new DeleteObjectsCommand({ Bucket: 'raw', Delete })))
  expect(deleting).toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('s3:DeleteObject') })
  expect(await keys('other/')).toEqual([])
})

it('copies nothing: that would read an object without the right to', async () => {
  await put(admin, 'copy/from')
  const copy = new CopyObjectCommand({ Bucket: 'raw', Key: 'copy/to', CopySource: 'raw/copy/from' })
  expect((await refusalOf(admin.send(copy))).name).toBe('NotImplemented')
})

it('makes no bucket for anybody: the template does', async () => {
  expect((await refusalOf(admin.send(new CreateBucketCommand({ Bucket: 'mine' })))).name).toBe('NotImplemented')
})
