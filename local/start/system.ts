import { randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ENV } from '../../core/platform/env-names.ts'
import { type AwsGateway, startAwsGateway } from '../aws/gateway.ts'
import type { Faults } from '../clickup/faults.ts'
import type { Plan } from '../clickup/rate-limit.ts'
import { type FakeClickUp, startFakeClickUp } from '../clickup/server.ts'
import { type Connected, connect } from '../connect.ts'
import { type LocalDetails, removeLocalFile, writeLocalFile } from '../local-file.ts'
import type { Assembly } from '../stack/assembly.ts'
import { type RunningStack, startStack } from '../stack/stack.ts'
import { synthesizeOnce } from '../stack/synthesize-once.ts'
import { breakDedupe } from './break-dedupe.ts'
import { type AwsClients, awsClients, type Credentials } from './clients.ts'
import { type Configured, configuredIn, detailsOf, output } from './details.ts'
import { requirePort } from './port.ts'

export type LocalOptions = {
  seed: number
  /** Of the webhook's address on 127.0.0.1; any free one by default. */
  port?: number
  /** A ClickUp to use instead of the fake one; `url` is the base that paths with `/v2` follow. */
  clickup?: { url: string; token: string } | undefined
  /** Of the fake ClickUp. */
  plan?: Plan
  faults?: Partial<Faults>
  mostInAList?: number
  /** Instead of `hookline.config.ts`. */
  configPath?: string
  breaks?: 'dedupe' | null
  /** Where the details are written for other programs; nowhere when absent. */
  file?: string
  /** Where the functions' log lines go; nowhere when absent. */
  logFile?: string
  /** Hears each line that a function writes. */
  onLog?: (functionName: string, line: string) => void
  /** Laid over the environment of every function. */
  outside?: Record<string, string>
  /** Processes that one function may have. */
  maxProcesses?: number
  onStep?: (step: string) => void
}

export type LocalSystem = {
  /** What was synthesized. */
  assembly: Assembly
  gateway: AwsGateway
  stack: RunningStack
  /** `null` when an outside ClickUp is used. */
  clickup: FakeClickUp | null
  connected: Connected
  configured: Configured
  details: LocalDetails
  /** Clients with the credentials of the details: they may do everything. */
  clients: AwsClients
  close(): Promise<void>
}

/**
 * Starts everything: AWS and ClickUp in this process, the synthesized template on them, and a connection between the two.
 * @throws StackError, ConnectError: one line for a person; nothing is left running then
 */
export async function startLocal(options: LocalOptions): Promise<LocalSystem> {
  const closers: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    // The last first, as whatever came later may still talk to what was there before.
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return { ...(await start(options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(options: LocalOptions, closers: (() => Promise<unknown> | unknown)[]) {
  const { onStep = () => undefined } = options
  await requirePort(options.port ?? 0)
  const directory = mkdtempSync(join(tmpdir(), 'hookline-'))
  closers.push(evenAtExit(() => rmSync(directory, { recursive: true, force: true })))
  onStep('Synthesizing the CDK app')
  const assembly = await synthesizeOnce({
    outDir: join(directory, 'cdk.out'),
    ...(options.configPath === undefined ? {} : { configPath: options.configPath }),
  })

  onStep('Starting queues, tables, secrets and the bus')
  const gateway = await startAwsGateway()
  closers.push(gateway.close)
  const clickup = options.clickup === undefined ? await startFake(options) : null
  if (clickup !== null) closers.push(clickup.close)
  const outside = options.clickup ?? (clickup && { url: clickup.url, token: clickup.tokens.service })
  if (outside === null) throw new Error('There is no ClickUp to connect with')

  onStep('Running the template')
  const toFile = logTo(options.logFile, closers)
  const stack = await startStack({
    assembly,
    gateway,
    httpPort: options.port ?? 0,
    outside: {
      [ENV.clickupApiUrl]: outside.url,
      ...(clickup === null ? {} : { [ENV.clickupStatusUrl]: clickup.statusUrl }),
      ...options.outside,
    },
    onLog: (name, line) => {
      toFile(name, line)
      options.onLog?.(name, line)
    },
    ...(options.maxProcesses === undefined ? {} : { maxProcesses: options.maxProcesses }),
  })
  closers.push(stack.close)
  const credentials = operatorOf(gateway)
  const clients = awsClients({ endpoint: gateway.url, region: gateway.region, credentials })
  closers.push(clients.destroy)

  onStep('Connecting ClickUp')
  const configured = configuredIn(stack)
  const { stage } = configured
  const connection = configured.connection.name
  const connected = await connect({
    stage,
    connection,
    apiUrl: stack.apiUrl,
    clickup: outside,
    secrets: clients.secrets,
    state: { dynamo: clients.dynamo, table: output(stack, 'StateTable') },
  })
  // The fake one is gone in a moment anyway.
  if (clickup === null) closers.push(() => connected.disconnect().catch(() => undefined))

  const details = detailsOf({ stack, gateway, connected, stage, connection, clickupUrl: outside.url, credentials })
  if (options.breaks === 'dedupe') closers.push(breakDedupe(gateway, details.tables.ledger))
  const { file } = options
  if (file !== undefined) {
    closers.push(evenAtExit(() => removeLocalFile(file)))
    writeLocalFile(file, details)
  }
  return { assembly, gateway, stack, clickup, connected, configured, details, clients }
}

/** What must be cleared away also when the process is made to end before anything could be closed. */
function evenAtExit(clear: () => void): () => void {
  process.once('exit', clear)
  return () => {
    process.off('exit', clear)
    clear()
  }
}

const startFake = ({ seed, plan, faults, mostInAList }: LocalOptions) =>
  startFakeClickUp({
    ...{ seed, ...(plan === undefined ? {} : { plan }), ...(faults === undefined ? {} : { faults }) },
    ...(mostInAList === undefined ? {} : { mostInAList }),
  })

function logTo(file: string | undefined, closers: (() => unknown)[]) {
  if (file === undefined) return () => undefined
  mkdirSync(dirname(file), { recursive: true })
  const stream = createWriteStream(file, { mode: 0o600 })
  closers.push(() => new Promise((resolve) => stream.end(resolve)))
  return (name: string, line: string) => {
    stream.write(`${name} ${line}\n`)
  }
}

/** An operator, as the owner of the account has: the CLI uses the same credentials. */
function operatorOf(gateway: AwsGateway): Credentials {
  const accessKeyId = 'local-operator'
  gateway.admit({ accessKeyId, name: 'operator', statements: 'all' })
  return { accessKeyId, secretAccessKey: randomBytes(20).toString('hex') }
}
