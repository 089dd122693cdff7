import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import type { Statement } from '../../local/aws/policy.ts'
import { USAGE_DIRECTORY } from '../../local/aws/usage.ts'
import { findingsIn, readUsage } from '../../local/rights/usage-report.ts'
import { awsClients } from '../../local/start/clients.ts'

// What gateways write down of a run, and what is made of it.
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hookline-usage-'))
  vi.stubEnv(USAGE_DIRECTORY, directory)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/hookline-prod'
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Hookline-prod-Data-Ledger0A1B2C3D-0123abcd'
/** One that it uses, one that it does not, and one that is explained. */
const STATEMENTS: Statement[] = [
  { effect: 'Allow', actions: ['events:PutEvents'], resources: [BUS] },
  { effect: 'Allow', actions: ['dynamodb:Scan'], resources: [TABLE] },
  { effect: 'Allow', actions: ['logs:PutLogEvents'], resources: ['arn:aws:logs:us-east-1:000000000000:log-group:x:*'] },
]

/** Lets a function of a name of its own publish, to a bus that it may and to one that it may not. */
async function publish(name: string, reduced: boolean, expected?: string): Promise<void> {
  const gateway = await startAwsGateway()
  if (expected !== undefined) gateway.expectRefusal(expected)
  gateway.createBus('hookline-prod')
  gateway.createBus('another')
  gateway.admit({ accessKeyId: 'KEY', name, statements: STATEMENTS, reduced })
  const credentials = { accessKeyId: 'KEY', secretAccessKey: 'x' }
  const clients = awsClients({ endpoint: gateway.url, region: gateway.region, credentials })
  const put = (EventBusName: string) =>
    clients.events.send(
      new PutEventsCommand({ Entries: [{ EventBusName, Source: 'x', DetailType: 'x', Detail: '{}' }] }),
    )
  try {
    await put('hookline-prod')
    await expect(put('another')).rejects.toThrow('not authorized')
  } finally {
    clients.destroy()
    await gateway.close()
  }
}

test('a right that nobody has used and a call that was refused are findings; what is explained is none', async () => {
  await publish('hookline-prod-usage-one', false)
  expect(findingsIn(readUsage(directory))).toEqual([
    'usage-one dynamodb:Scan Ledger: granted, and no test has used it',
    'usage-one events:PutEvents bus: refused, and no test has taken it away',
  ])
})

test('what another process has used counts, and half a line of one that was killed is nothing', async () => {
  await publish('hookline-prod-usage-two', false)
  const used = { what: 'used', name: 'hookline-dev-usage-two', action: 'dynamodb:Scan', resource: TABLE }
  writeFileSync(join(directory, '1.ndjson'), `${JSON.stringify(used)}\n{"what":"refu`)
  expect(findingsIn(readUsage(directory))).toEqual([
    'usage-two events:PutEvents bus: refused, and no test has taken it away',
  ])
})

test('what was taken away on purpose is neither granted nor refused', async () => {
  await publish('hookline-prod-usage-three', true)
  expect(findingsIn(readUsage(directory))).toEqual([])
})

test('a refusal that a test has asked for is none', async () => {
  await publish('hookline-prod-usage-five', false, 'events:PutEvents')
  expect(findingsIn(readUsage(directory))).toEqual([
    'usage-five dynamodb:Scan Ledger: granted, and no test has used it',
  ])
})

test('nobody but the functions is written down, and no body of any call', async () => {
  await publish('somebody', false)
  expect(readdirSync(directory)).toEqual([])
  await publish('hookline-prod-usage-four', false)
  const [file = ''] = readdirSync(directory)
  expect(readFileSync(join(directory, file), 'utf8')).not.toContain('Detail')
})
