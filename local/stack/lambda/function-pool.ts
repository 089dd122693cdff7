import { randomUUID } from 'node:crypto'
import type { FunctionDefinition } from './definition.ts'
import { type FunctionProcess, startProcess } from './function-process.ts'
import { failed, type InvokeOutcome } from './outcome.ts'
import type { ContextFacts } from './protocol.ts'

export type FunctionPool = {
  /** Starts a process before it is needed, unless one is free. */
  warm(): void
  /** Waits for a free process when the machine's limit is reached. The function's time runs from when it gets one. */
  invoke(payload: unknown): Promise<InvokeOutcome>
  /** Sets how many invocations there may be at once, as `PutFunctionConcurrency` does; null is what the template says. */
  limit(concurrency: number | null): void
  processes(): { pid: number; busy: boolean }[]
  /** Ends a process as Lambda may at any time: never in the middle of an invocation, so a busy one when it has answered. */
  recycle(pid: number): void
  /** Kills every process; what waits or runs fails. */
  close(): Promise<void>
}

export type PoolOptions = {
  definition: FunctionDefinition
  environment: Record<string, string>
  context: ContextFacts
  /** How many processes this machine lets one function have; more invocations wait. */
  maxProcesses: number
  onLine(line: string): void
}

type Waiting = { event: string; settle(outcome: InvokeOutcome): void }

/** Lambda's limit for what a function may be sent. */
const MAX_EVENT_BYTES = 6_291_456

/** A function's processes: one invocation at a time in each, more processes as they are needed, kept while warm. */
export function createPool(options: PoolOptions): FunctionPool {
  const { definition } = options
  const processes = new Set<FunctionProcess>()
  const idle: FunctionProcess[] = []
  /** Not to be given anything more. */
  const leaving = new Set<FunctionProcess>()
  const waiting: Waiting[] = []
  let starting = 0
  let running = 0
  let limited: number | null = null
  let closed = false

  function start(): void {
    starting += 1
    let isStarting = true
    const started = () => {
      if (isStarting) starting -= 1
      isStarting = false
    }
    const one = startProcess(definition, options.environment, {
      ready: () => {
        started()
        rest(one)
        pump()
      },
      initFailed: (outcome) => {
        started()
        // As on Lambda, whoever made it start gets to know.
        waiting.shift()?.settle(outcome)
        pump()
      },
      gone: () => {
        processes.delete(one)
        leaving.delete(one)
        const at = idle.indexOf(one)
        if (at >= 0) idle.splice(at, 1)
        pump()
      },
      line: options.onLine,
    })
    processes.add(one)
  }

  function pump(): void {
    while (!closed && waiting.length > 0) {
      // The one used last is the warmest.
      const one = idle.pop()
      if (!one) break
      const next = waiting.shift()
      if (next) void serve(one, next)
    }
    while (!closed && waiting.length > starting && processes.size < options.maxProcesses) start()
  }

  async function serve(one: FunctionProcess, { event, settle }: Waiting): Promise<void> {
    // The function's own process has no other clock than the machine's.
    const deadline = Date.now() + definition.timeoutSeconds * 1000
    const outcome = await one.run({ id: randomUUID(), event, deadline, context: options.context })
    if (processes.has(one) && !timedOut(outcome)) rest(one)
    settle(outcome)
    pump()
  }

  /** It is free for the next, unless it is to go. */
  function rest(one: FunctionProcess): void {
    if (leaving.has(one)) void one.kill()
    else idle.push(one)
  }

  function recycle(pid: number): void {
    const one = [...processes].find((each) => each.pid === pid)
    if (one === undefined) return
    leaving.add(one)
    const at = idle.indexOf(one)
    if (at < 0) return
    idle.splice(at, 1)
    rest(one)
  }

  async function invoke(payload: unknown): Promise<InvokeOutcome> {
    if (closed) return CLOSED
    const most = limited ?? definition.reservedConcurrency ?? Number.POSITIVE_INFINITY
    if (running >= most) return { kind: 'throttled' }
    const event = JSON.stringify(payload ?? {})
    if (Buffer.byteLength(event) > MAX_EVENT_BYTES) {
      return failed('RequestEntityTooLargeException', `Request must be smaller than ${MAX_EVENT_BYTES} bytes`)
    }
    running += 1
    const { promise, resolve } = Promise.withResolvers<InvokeOutcome>()
    waiting.push({ event, settle: resolve })
    pump()
    return promise.finally(() => {
      running -= 1
    })
  }

  async function close(): Promise<void> {
    closed = true
    for (const { settle } of waiting.splice(0)) settle(CLOSED)
    await Promise.all([...processes].map((one) => one.kill()))
  }

  return {
    warm: () => {
      if (!closed && idle.length === 0 && starting === 0) start()
    },
    invoke,
    limit: (concurrency) => {
      limited = concurrency
    },
    processes: () => [...processes].map((one) => ({ pid: one.pid, busy: one.busy() })),
    recycle,
    close,
  }
}

const CLOSED = failed('Runtime.Closed', 'The stack has been closed')

/** Its process is killed and will be gone in a moment. */
const timedOut = (outcome: InvokeOutcome) => outcome.kind === 'failed' && outcome.error.errorType === 'Sandbox.Timedout'
