import { createHash } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import type { Deployment } from '../deployment.ts'
import type { FunctionDefinition } from '../lambda/definition.ts'
import { environmentOf } from '../lambda/environment.ts'
import { createPool, type FunctionPool } from '../lambda/function-pool.ts'
import type { InvokeOutcome } from '../lambda/outcome.ts'
import { roleAt } from './look-up.ts'
import { meterInvocations } from './metering.ts'

export type RunningFunction = {
  name: string
  logicalId: string
  arn: string
  /** Of its construct, inside the stack. */
  path: string
  accessKeyId: string
  /** All that its processes find in their environment. */
  environment: Record<string, string>
  timeoutSeconds: number
  /** Sets how many invocations there may be at once; null is what the template says. */
  limit(concurrency: number | null): void
  processes(): { pid: number; busy: boolean }[]
  /** Ends one of them, which is not in the middle of an invocation then, as Lambda may at any time. */
  recycle(pid: number): void
  /** Starts a process before it is needed. */
  warm(): void
  invoke(payload: unknown): Promise<InvokeOutcome>
}

export type Functions = { all: RunningFunction[]; close(): Promise<void> }

/** Gives every function credentials with its role's rights, and processes when it is invoked. */
export function startFunctions(
  deployment: Deployment,
  options: {
    outside: Record<string, string>
    maxProcesses: number
    clock: Clock
    onLog(functionName: string, line: string): void
  },
): Functions {
  const pools: FunctionPool[] = []
  const all = deployment.functions.map((definition): RunningFunction => {
    deployment.gateway.createLogGroup(definition.logGroup)
    deployment.gateway.lambda.addFunction({
      ...definition,
      versions: deployment.versions.filter(ofIt(definition)).map((one) => one.version),
      aliases: deployment.aliases.filter(ofIt(definition)),
    })
    const accessKeyId = accessKeyOf(definition)
    const { statements } = roleAt(deployment, definition.roleArn, definition.path)
    deployment.gateway.admit({ accessKeyId, name: definition.name, statements })
    const environment = environmentOf(
      definition,
      { region: deployment.gateway.region, endpoint: deployment.gateway.url, logStream: LOG_STREAM },
      { accessKeyId, secretAccessKey: 'local' },
      options.outside,
    )
    const pool = createPool({
      definition,
      environment,
      context: {
        functionName: definition.name,
        invokedFunctionArn: definition.arn,
        memoryLimitInMB: String(definition.memoryMb),
        logGroupName: definition.logGroup,
        logStreamName: LOG_STREAM,
      },
      maxProcesses: options.maxProcesses,
      onLine: (line) => {
        deployment.gateway.writeLog(definition.logGroup, LOG_STREAM, line)
        options.onLog(definition.name, line)
      },
    })
    pools.push(pool)
    const { name, logicalId, arn, path, timeoutSeconds } = definition
    const running = { name, logicalId, arn, path, accessKeyId, environment, timeoutSeconds }
    const metering = { cloudwatch: deployment.gateway.cloudwatch, clock: options.clock }
    const invoke = meterInvocations(metering, name, pool.invoke)
    const { limit, processes, recycle, warm } = pool
    return { ...running, limit, processes, recycle, warm, invoke }
  })
  return {
    all,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()))
    },
  }
}

const LOG_STREAM = 'local'

const ofIt =
  ({ name }: FunctionDefinition) =>
  ({ functionName }: { functionName: string }) =>
    functionName === name

/** Shaped like a key of AWS; the same on every run, so that a log can be read beside an older one. */
const accessKeyOf = ({ arn }: FunctionDefinition) =>
  `ASIA${createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase()}`
