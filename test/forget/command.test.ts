import { gunzipSync, gzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { archiveDeliveries } from '../../core/archive/store.ts'
import { saveConnection } from '../../core/clickup/connection-record.ts'
import { saveMembers } from '../../core/sync/members.ts'
import {
  aChange,
  complete,
  directory,
  logTime,
  NOW,
  record,
  run,
  type Stack,
  startStack,
  TABLES,
} from '../cli/stack.ts'

const ADA = { id: '40233771', name: 'Ada Moreau', email: 'ada@example.com' }

let stack: Stack
let s3: S3Client
let home: ReturnType<typeof directory>
beforeEach(async () => {
  stack = await startStack()
  await stack.gateway.s3.createBucket('archive')
  const { credentials, region } = stack.local
  s3 = new S3Client({ credentials, region, endpoint: stack.url, forcePathStyle: true })
  home = directory({ ...stack.local, stage: 'dev', busName: 'b', archiveBucket: 'archive' })
  const state = { dynamo: stack.dynamo, table: TABLES.state }
  await saveMembers(state, 'main', { readAt: NOW, members: [{ ...ADA, role: 3 }] })
  await saveConnection(state, 'main', { workspaceId: '1', userId: '99' })
  await complete(stack, [
    aChange({ actor: ADA }),
    aChange({ field: 'comment', before: null, after: { id: '9', text: 'Hi' }, actor: ADA }),
  ])
  await record(stack, '86c1', { assignees: [ADA], watchers: [{ id: '5', name: 'Bo' }] })
  await logTime(stack, '86c1', 'e1')
  const delivery = (event: string, body: object) => ({
    ...{ connection: 'main', slot: 'a' as const, receivedAt: NOW, encoding: 'text' as const },
    body: JSON.stringify({ event, ...body }),
  })
  const user = { id: Number(ADA.id), username: ADA.name, email: ADA.email }
  let ids = 0
  await archiveDeliveries(
    { s3, bucket: 'archive' },
    [
      delivery('taskUpdated', { task_id: '86c2', history_items: [{ id: '1', user, field: 'status' }] }),
      delivery('taskCommentPosted', { task_id: '86c2', history_items: [{ user, comment: { text_content: 'Hi' } }] }),
      delivery('taskUpdated', { task_id: '86c1', history_items: [{ id: '2', user: { id: 5, username: 'Bo' } }] }),
    ],
    () => {
      ids += 1
      return `id-${ids}`
    },
  )
})
afterEach(async () => {
  home.remove()
  s3.destroy()
  await stack.close()
})

const hookline = (...args: string[]) => run(home.path, ['forget', ...args])

/** Everything that is stored anywhere, as text. */
async function everything(): Promise<string> {
  const texts: string[] = []
  for (const TableName of Object.values(TABLES))
    texts.push(JSON.stringify((await stack.dynamo.send(new ScanCommand({ TableName }))).Items))
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'archive' }))
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'archive', Key }))
    texts.push(gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString())
  }
  return texts.join('\n')
}

test('a dry run says what would be erased, and changes nothing', async () => {
  const before = await everything()
  const { status, out, err } = await hookline('--user', ADA.id, '--dry-run')
  expect(status).toBe(0)
  expect(err).toContain('Known as Ada Moreau, ada@example.com.')
  expect(out).toMatch(/changes in the ledger +1 +0/)
  expect(out).toMatch(/comments in the ledger +1 +0/)
  expect(out).toMatch(/archived deliveries +1 +1/)
  expect(out).toContain('ClickUp listed the person as a member')
  expect(await everything()).toBe(before)
})

test('a person is erased from tables and archive, with a report; then there is nothing', async () => {
  expect(await hookline('--user', ADA.id)).toMatchObject({ status: 1, err: expect.stringContaining('--yes') })
  expect(await everything()).toContain(ADA.id)
  const { status, out } = await hookline('--user', ADA.id, '--yes', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    subject: { kind: 'user', id: ADA.id },
    erased: true,
    byKind: {
      change: { changed: 1 },
      comment: { changed: 1 },
      member: { changed: 1 },
      archivedDelivery: { changed: 1, deleted: 1 },
    },
    stillShown: 1,
  })
  const left = await everything()
  for (const trace of [ADA.id, ADA.name, ADA.email]) expect(left).not.toContain(trace)
  expect(left).toContain('Bo')
  const again = await hookline('--user', ADA.id, '--yes')
  expect(again).toMatchObject({ status: 0, out: expect.stringContaining('Nothing of user 40233771') })
})

test('a task is erased from tables and archive', async () => {
  const { status, out } = await hookline('--task', '86c1', '--yes')
  expect(status).toBe(0)
  expect(out).toContain('delete it in ClickUp first')
  const left = await everything()
  expect(left).not.toContain('86c1')
  expect(left).toContain('86c2')
})

test('what nobody can read in the archive stays as it is, beside what is erased, and is told', async () => {
  const { Contents: [{ Key } = {}] = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'archive' }))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'archive', Key }))
  const lines = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString()
  const later = '{"v":2,"of":"a later version"}'
  await s3.send(new PutObjectCommand({ Bucket: 'archive', Key, Body: gzipSync(`${later}\n${lines}`) }))
  const { out } = await hookline('--user', ADA.id, '--yes')
  expect(out).toContain('1 archived delivery could not be read.')
  const left = await everything()
  expect(left).toContain(later)
  expect(left).not.toContain(ADA.id)
})

test('a custom id is not taken for an id, by which nothing of the task itself would be found', async () => {
  await record(stack, '86c9', { customId: 'WEB-12', name: 'Call Ada' })
  await record(stack, '86c2', { name: 'After WEB-12' })
  const before = await everything()
  const { status, err } = await hookline('--task', 'web-12', '--yes')
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('say --task 86c9.') })
  expect(await everything()).toBe(before)
})

test('the user whose token is in use is not forgotten', async () => {
  expect(await hookline('--user', '99', '--yes')).toMatchObject({
    status: 1,
    err: expect.stringContaining('rotate token --takeover'),
  })
})

test.each([
  [[], 'either --user or --task'],
  [['--user', '12', '--task', '86c1'], 'either --user or --task'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { status, out, err } = await hookline(...args)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toContain(sentence)
})
