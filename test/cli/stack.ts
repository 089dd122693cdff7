import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClients } from '../../cli/clients.ts'
import { main } from '../../cli/main.ts'
import type { Change } from '../../core/ledger/change.ts'
import { createLedger } from '../../core/ledger/ledger.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, PK, SK, timePart } from '../../core/platform/tables.ts'
import type { TaskFields } from '../../core/tasks/snapshot.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { createWorklogStore } from '../../core/tasks/worklog.ts'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import { table } from '../support/dynamo.ts'

export const BIN = join(import.meta.dirname, '../../cli/bin/hookline.js')
const CREDENTIALS = { accessKeyId: 'operator', secretAccessKey: 'operator' }
export const TABLES = { ledger: 'ledger', tasks: 'tasks', state: 'state' }

/** Real services on loopback with the three tables and two queues, and a directory where the CLI finds them. */
export async function startStack() {
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: CREDENTIALS.accessKeyId, name: 'operator', statements: 'all' })
  await gateway.createTable(table(TABLES.ledger, [PK, SK], [BY_DAY]))
  await gateway.createTable(table(TABLES.tasks, [PK, SK], [BY_LIST, BY_SPACE, BY_TIME_DAY]))
  await gateway.createTable(table(TABLES.state, [PK], []))
  const [deliveries, quarantine] = await Promise.all(
    ['deliveries', 'quarantine'].map((name) => gateway.createQueue({ name, attributes: {} })),
  )
  if (deliveries === undefined || quarantine === undefined) throw new Error('no queues')
  const { url, region } = gateway
  const clients = openClients({ credentials: CREDENTIALS, region }, { dynamodb: url, sqs: url })
  const queues = { deliveries: deliveries.url, quarantine: quarantine.url }
  const local = {
    connection: 'main',
    endpoints: { dynamodb: url, sqs: url, secretsmanager: url, events: url, logs: url },
    tables: TABLES,
    queues,
    credentials: CREDENTIALS,
    region,
    pid: process.pid,
  }
  const home = directory(local)
  return {
    ...clients,
    gateway,
    /** Where the CLI finds it. */
    cwd: home.path,
    url,
    queues,
    local,
    async close() {
      home.remove()
      clients.close()
      await gateway.close()
    },
  }
}
export type Stack = Awaited<ReturnType<typeof startStack>>

/** A directory with the file that a local stack leaves; `null` for none. */
export function directory(local: object | null) {
  const path = mkdtempSync(join(tmpdir(), 'hookline-cli-'))
  if (local !== null) {
    mkdirSync(join(path, '.hookline'))
    writeFileSync(join(path, '.hookline', 'local.json'), JSON.stringify(local))
  }
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

export const NOW = 1_789_000_000_000

/** The command in this process, at a fixed time and on a terminal of a fixed width. */
export async function run(cwd: string, args: readonly string[], columns?: number, colours = false): Promise<Ran> {
  const ran: Ran = { status: null, out: '', err: '' }
  const status = await main(args, {
    write: (text) => {
      ran.out += text
    },
    note: (line) => {
      ran.err += `${line}\n`
    },
    columns,
    colours,
    now: () => NOW,
    cwd,
  })
  return { ...ran, status }
}

export type Ran = { status: number | null; out: string; err: string }

/** The command as a shell runs it, without any AWS settings of the machine's own. */
export function hookline(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const home = { HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', TZ: 'UTC' }
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { PATH, NODE_COMPILE_CACHE, ...home, ...env } })
  const ran: Ran = { status: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.err += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ ...ran, status }))
  })
}

let made = 0

/** A change of a task's status, but for what is said otherwise. */
export function aChange(over: Partial<Change> = {}): Change {
  made += 1
  const at = over.at ?? NOW
  return {
    id: made.toString(16).padStart(8, '0').repeat(8),
    connection: 'main',
    resource: { kind: 'task', id: '86c1' },
    field: 'status',
    customField: null,
    before: { name: 'open', type: 'open' },
    after: { name: 'in progress', type: 'custom' },
    at,
    atEarliest: at,
    order: timePart(at),
    actor: { id: '7', name: 'Ada' },
    origin: 'webhook',
    receivedAt: at + 100,
    listId: '901',
    ...over,
  }
}

/** Puts changes through the real ledger, as the consumer does. */
export async function complete({ dynamo }: Pick<Stack, 'dynamo'>, changes: readonly Change[]): Promise<void> {
  const clock = { now: () => NOW }
  const ledger = createLedger({ dynamo, table: TABLES.ledger, clock, owner: 'a', leaseMs: 90_000, keepDays: 400 })
  for (const change of changes) {
    await ledger.claim(change)
    await ledger.complete(change, change.receivedAt + 400)
  }
}

export async function claim({ dynamo }: Pick<Stack, 'dynamo'>, change: Change): Promise<void> {
  const clock = { now: () => NOW }
  const ledger = createLedger({ dynamo, table: TABLES.ledger, clock, owner: 'a', leaseMs: 90_000, keepDays: 400 })
  await ledger.claim(change)
}

/** Records a task as read from ClickUp. */
export async function record(
  stack: Pick<Stack, 'dynamo'>,
  id: string,
  fields: Partial<TaskFields>,
  connection = 'main',
) {
  const store = createTaskStore({ dynamo: stack.dynamo, table: TABLES.tasks })
  await store.record(connection, { kind: 'seen', id, archived: false, fields, observedAt: NOW }, null)
}

export async function logTime(stack: Pick<Stack, 'dynamo'>, taskId: string, entryId: string): Promise<void> {
  const store = createWorklogStore({ dynamo: stack.dynamo, table: TABLES.tasks })
  const times = {
    startAt: 1_788_990_000_000,
    endAt: 1_788_993_600_000,
    durationMs: 3_600_000,
    changedAt: NOW,
    revision: String(NOW),
  }
  await store.record('main', { entryId, taskId, userId: '7', deleted: false, running: false, seen: [], ...times })
}
