import { availableParallelism } from 'node:os'
import { type Clock, systemClock } from '../../core/platform/clock.ts'
import type { AwsGateway } from '../aws/gateway.ts'
import type { Assembly } from './assembly.ts'
import { checkAssembly, deploy } from './deploy.ts'
import { type Deployment, emptyDeployment } from './deployment.ts'
import { StackError } from './errors.ts'
import { startHttpFront } from './http/front.ts'
import type { ResourceKind } from './resources/kind.ts'
import { RESOURCE_KINDS } from './resources/registry.ts'
import { createScheduler, systemTimer, type Timer } from './schedule/scheduler.ts'
import { type RunningAlarms, startAlarms } from './wiring/alarms.ts'
import { asJson } from './wiring/as-json.ts'
import { createTargetDelivery } from './wiring/delivery.ts'
import { frontTable } from './wiring/front.ts'
import { type RunningFunction, startFunctions } from './wiring/functions.ts'
import { functionNamed } from './wiring/look-up.ts'
import { createOperator } from './wiring/operator.ts'
import { startPollers } from './wiring/pollers.ts'
import { checkReleases, listenTo, type RunningRelease, releasesOf } from './wiring/releases.ts'
import { type RunningSchedule, startRotations, startTriggers } from './wiring/triggers.ts'

export type StackOptions = {
  assembly: Assembly
  /** Stays the caller's: closing the stack leaves it open, with what is in its queues and tables. */
  gateway: AwsGateway
  /** Laid over the environment of every function: where the outside world is. */
  outside: Record<string, string>
  /** Port of the HTTP front, any free one by default. */
  httpPort?: number
  /** Each line that a function writes, its metrics included; and what goes wrong around them, under its own name. */
  onLog?: (functionName: string, line: string) => void
  clock?: Clock
  timer?: Timer
  /** Processes that one function may have on this machine: by default one for each core, and two at least. */
  maxProcesses?: number
  /** Tables that stand in the gateway already and that the template may name, as a restore makes them: by name and ARN. */
  tables?: readonly { name: string; arn: string }[]
  /** Types of resources beside those that run here by themselves. */
  moreKinds?: Iterable<readonly [string, ResourceKind]>
}

export type RunningStack = {
  /** Base of the API's URLs, without a slash at the end. */
  apiUrl: string
  /** The stacks' outputs by name. */
  outputs: Record<string, string>
  /** Path of its construct inside its stack (`Ledger`, `Deliveries/Queue`) to what it came to. */
  tables: Record<string, string>
  queues: Record<string, { name: string; url: string; arn: string }>
  /** The first bus of the template. */
  busName: string
  /** Name to ARN. */
  secrets: Record<string, string>
  functions: RunningFunction[]
  schedules: RunningSchedule[]
  /** What CodeDeploy moves, and how it is checked before. */
  releases: RunningRelease[]
  /** Tells what the queues hold and looks at every alarm, now or at another time, as is done every minute. */
  lookAtAlarms: RunningAlarms['look']
  /** Resolves when no message is taken any more; batches that functions have already are worked off. */
  pausePollers(): Promise<void>
  resumePollers(): void
  /** Kills the functions' processes and leaves nothing running. */
  close(): Promise<void>
}

/**
 * Runs a synthesized app on this machine: its queues, tables, secrets and buses in the gateway, its functions in processes
 * of their own, its API on loopback, its event sources, rules and schedules.
 * @throws StackError in one line: `template` for what cannot run here or would fail where it is deployed, `portBusy`.
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { assembly, gateway, clock = systemClock, timer = systemTimer } = options
  const onLog = options.onLog ?? (() => undefined)
  const onError = (where: string, error: unknown) =>
    onLog(where, error instanceof Error ? error.message : String(error))
  const maxProcesses = options.maxProcesses ?? Math.max(2, Math.min(8, availableParallelism()))
  const kinds = new Map([...RESOURCE_KINDS, ...(options.moreKinds ?? [])])
  checkAssembly(assembly, kinds, gateway)

  const closers: (() => Promise<void> | void)[] = []
  // All at once: a poller ends when the function that works on its batch is gone.
  const close = async () => {
    await Promise.all(closers.splice(0).map((closer) => closer()))
  }
  try {
    const front = await startHttpFront({ port: options.httpPort ?? 0, clock })
    closers.push(front.close)
    const deployment = emptyDeployment(gateway, front.url)
    deployment.tables.push(...(options.tables ?? []).map((each) => ({ ...each, path: each.name })))
    const outputs = await deploy(assembly, deployment, kinds)

    const heard = listenTo(onLog)
    const functions = startFunctions(deployment, { outside: options.outside, maxProcesses, clock, onLog: heard.onLog })
    closers.push(functions.close)
    const operator = createOperator(gateway)
    closers.push(operator.close)
    const delivery = createTargetDelivery(deployment, functions.all, { operator, timer, onLog })
    closers.push(delivery.close)
    connect(deployment, functions.all, delivery.send)

    const table = frontTable(deployment, functions.all, clock)
    const releases = releasesOf(deployment, functions.all)
    await checkReleases(releases, heard)
    const scheduler = createScheduler(clock, timer)
    closers.push(scheduler.close)
    const schedules = startTriggers(deployment, { scheduler, now: clock.now, send: delivery.send, onError })
    const rotations = await startRotations(deployment, { scheduler, rotate: operator.rotateSecret, onError })
    const pollers = startPollers(deployment, functions.all, { sqs: operator.sqs, maxProcesses, onError })
    closers.push(...pollers.map((poller) => poller.close))
    if (table) front.serve(table)
    const alarms = startAlarms(deployment, { clock, timer, onError })
    closers.push(alarms.close)

    return {
      apiUrl: table && table.stage.name !== '$default' ? `${front.url}/${table.stage.name}` : front.url,
      outputs,
      ...resourcesOf(deployment),
      functions: functions.all,
      schedules: [...schedules, ...rotations],
      releases,
      lookAtAlarms: alarms.look,
      pausePollers: async () => {
        await Promise.all(pollers.map((poller) => poller.pause()))
      },
      resumePollers: () => {
        for (const poller of pollers) poller.resume()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** How the gateway reaches functions: rotation waits for an answer, rules hand over and go on, as EventBridge does. */
function connect(
  deployment: Deployment,
  functions: RunningFunction[],
  send: (targetArn: string, input: unknown) => Promise<void>,
): void {
  const { gateway } = deployment
  gateway.onInvoke(async (functionArn, payload) => {
    const name = functionNamed(deployment, functionArn)
    const outcome = await functions.find((one) => one.name === name)?.invoke(payload)
    if (outcome?.kind === 'returned') return outcome.payload
    const { errorType, errorMessage } =
      outcome?.kind === 'failed'
        ? outcome.error
        : { errorType: 'ResourceNotFoundException', errorMessage: `Function not found or throttled: ${functionArn}` }
    throw Object.assign(new Error(errorMessage), { name: errorType })
  })
  gateway.onDeliver('arn:aws:lambda:', (functionArn, input) => send(functionArn, asJson(input)))
}

function resourcesOf(deployment: Deployment) {
  return {
    tables: byPath(deployment.tables, ({ name }) => name),
    queues: byPath(deployment.queues, ({ name, url, arn }) => ({ name, url, arn })),
    busName: deployment.buses[0]?.name ?? 'default',
    secrets: Object.fromEntries(deployment.secrets.map(({ name, arn }) => [name, arn])),
  }
}

function byPath<Record extends { path: string }, Value>(records: Record[], value: (record: Record) => Value) {
  const named = new Map<string, Value>()
  for (const record of records) {
    if (named.has(record.path)) throw new StackError('template', `Two stacks have a resource at ${record.path}`)
    named.set(record.path, value(record))
  }
  return Object.fromEntries(named)
}
