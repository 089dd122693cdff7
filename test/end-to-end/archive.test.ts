import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unpackDeliveries } from '../../core/archive/record.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { PK, SK } from '../../core/platform/tables.ts'
import { depthOf } from '../../local/start/subscriber.ts'
import { type LocalSystem, startLocal } from '../../local/start/system.ts'
import { until } from '../../local/start/until.ts'
import { hookline } from './support/command.ts'
import { post, statusDelivery } from './support/deliveries.ts'
import { aTask, ledgerById, untilDrained } from './support/system.ts'

let directory: string
let system: LocalSystem
let s3: S3Client
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-archive-'))
  mkdirSync(join(directory, '.hookline'))
  const configPath = join(directory, 'hookline.config.mjs')
  writeFileSync(configPath, 'export default { archive: { days: 14 } }\n')
  system = await startLocal({
    ...{ seed: 7, configPath, file: join(directory, '.hookline', 'local.json') },
    // A verifier that was asked before the connection was made looks again soon.
    outside: { [ENV.signingCache]: JSON.stringify({ lifeMs: 1_000, refreshEveryMs: 500 }) },
  })
  const { gateway, details } = system
  s3 = new S3Client({ endpoint: gateway.url, region: gateway.region, credentials: { ...details.credentials } })
})
afterAll(async () => {
  s3?.destroy()
  await system?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function archived(): Promise<string[]> {
  const Bucket = system.details.archiveBucket ?? ''
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  const bodies: string[] = []
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
    const { deliveries, unreadable } = await unpackDeliveries((await Body?.transformToByteArray()) ?? new Uint8Array())
    expect(unreadable).toBe(0)
    bodies.push(...deliveries.map(({ body }) => body))
  }
  return bodies
}

/** The ledger's keys and when each change was published: what a change is told by. */
async function ledger() {
  const items = [...(await ledgerById(system, system.details.tables.ledger)).values()].flat()
  return items.map((item) => ({
    [PK]: item[PK],
    [SK]: item[SK],
    publishedAt: item['publishedAt'],
    status: item['status'],
  }))
}

test('a delivery is archived as it came, and a replay from there brings back what the ledger has lost, once', async () => {
  const history = randomUUID()
  const body = statusDelivery(aTask(system, 0).id, history)
  const accepted = async () => ((await post(system.details, body)).status === 200 ? true : undefined)
  await until(accepted, { what: 'the delivery to be accepted', deadlineMs: 40_000, everyMs: 500 })
  const done = async () => ((await ledger()).some(({ status }) => status === 'done') ? true : undefined)
  await until(done, { what: 'the change', deadlineMs: 20_000 })
  await untilDrained(system)
  expect(await archived()).toContain(body)

  const [lost] = await ledger()
  if (lost === undefined) throw new Error('the ledger is empty')
  const TableName = system.details.tables.ledger
  await system.clients.dynamo.send(new DeleteCommand({ TableName, Key: { [PK]: lost[PK], [SK]: lost[SK] } }))
  const kept = await ledger()
  expect(kept.some((item) => item[SK] === lost[SK])).toBe(false)

  const before = (await archived()).length
  const replay = () => hookline(directory, ['replay', '--from', 'raw', '--since', '1h', '--yes'])
  expect(await replay()).toMatchObject({ status: 0, text: expect.stringContaining('sent to the deliveries queue') })
  const back = async () => ((await ledger()).some((item) => item[SK] === lost[SK]) ? true : undefined)
  await until(back, { what: 'the change to come back', deadlineMs: 20_000 })
  await untilDrained(system)
  const mended = await ledger()
  expect(mended).toHaveLength(kept.length + 1)

  expect(await replay()).toMatchObject({ status: 0 })
  await untilDrained(system)
  expect(await ledger()).toEqual(expect.arrayContaining(mended))
  expect(await ledger()).toHaveLength(mended.length)
  // What is sent again is not archived again.
  expect(await archived()).toHaveLength(before)
}, 90_000)

test('what cannot be read is set aside, comes back when it is sent again in vain, and goes when it is dropped', async () => {
  const { clients, details } = system
  const inQuarantine = (count: number) =>
    until(async () => ((await depthOf(clients.sqs, details.queues.quarantine)) === count ? true : undefined), {
      ...{ what: `${count} messages in the quarantine`, deadlineMs: 20_000 },
    })
  const said = async (...args: string[]) => {
    const { status, text } = await hookline(directory, ['quarantine', ...args])
    expect({ status, text }).toEqual({ status: 0, text: expect.any(String) })
    return text
  }
  expect((await post(details, 'no JSON at all')).status).toBe(200)
  await inQuarantine(1)
  const [id = 'none'] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await said('list', '--each')) ?? []
  expect(await said('show', id)).toMatch(/class +malformed\nreason +the body is not JSON/)
  expect(await said('redrive', '--class', 'malformed', '--yes')).toContain('1 message sent to the deliveries queue')
  const other = async () => {
    const [now = 'none'] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await said('list', '--each')) ?? []
    return now === id || now === 'none' ? undefined : now
  }
  await until(other, { what: 'the message to come back', deadlineMs: 20_000 })
  expect(await said('drop', '--yes')).toContain('1 message dropped')
  await inQuarantine(0)
}, 90_000)
