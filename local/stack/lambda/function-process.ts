import { type ChildProcess, fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FunctionDefinition } from './definition.ts'
import { failed, type InvokeOutcome } from './outcome.ts'
import { type Invoke, type Said, saidSchema } from './protocol.ts'

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.ts', import.meta.url))

/** Lambda gives the loading of a function 10 s; a desk with few cores that starts several at once needs more. */
const INIT_LIMIT_MS = 30_000

export type FunctionProcess = {
  pid: number
  busy(): boolean
  /** Only when it is ready and not busy. Kills the process when the time is out, as Lambda does. */
  run(invoke: Invoke): Promise<InvokeOutcome>
  /** Resolves when it is gone and its last line has been read. */
  kill(): Promise<void>
}

export type ProcessEvents = {
  ready(): void
  /** Gone without having become ready. */
  initFailed(outcome: InvokeOutcome): void
  gone(): void
  line(line: string): void
}

/** Where Node.js keeps what it has compiled, if it does here: it shortens the start, and no handler asks for it. */
function compileCache(): Record<string, string> {
  const { NODE_COMPILE_CACHE: directory } = process.env
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory }
}

/** One process of a function, from its start to its end. */
export function startProcess(
  definition: FunctionDefinition,
  env: Record<string, string>,
  on: ProcessEvents,
): FunctionProcess {
  const child = fork(BOOTSTRAP, [], {
    cwd: definition.directory,
    env: { ...env, ...compileCache() },
    // As on Lambda, where memory is the limit of the heap too.
    execArgv: [`--max-old-space-size=${definition.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let state: 'starting' | 'idle' | 'busy' | 'gone' = 'starting'
  let current: { id: string; settle(outcome: InvokeOutcome): void } | undefined
  const initTimer = setTimeout(() => child.kill('SIGKILL'), INIT_LIMIT_MS)
  const linesRead = readLines(child, on.line)

  const settle = (outcome: InvokeOutcome) => {
    const settled = current
    current = undefined
    settled?.settle(outcome)
  }

  child.on('message', (message) => {
    const said = saidSchema.safeParse(message)
    if (said.success) hear(said.data)
  })

  function hear(said: Said): void {
    switch (said.kind) {
      case 'ready':
        clearTimeout(initTimer)
        state = 'idle'
        on.ready()
        break
      case 'initFailed':
        state = 'gone'
        on.initFailed({ kind: 'failed', error: said.error })
        break
      case 'returned':
        answered(said.id, { kind: 'returned', payload: JSON.parse(said.payload) })
        break
      case 'threw':
        answered(said.id, { kind: 'failed', error: said.error })
        break
    }
  }

  /** An answer to an invocation that is over already is nobody's. */
  function answered(id: string, outcome: InvokeOutcome): void {
    if (id !== current?.id) return
    state = 'idle'
    settle(outcome)
  }

  const exited = new Promise<void>((resolve) => {
    const end = (how: string) => {
      clearTimeout(initTimer)
      const outcome = failed('Runtime.ExitError', `RequestId: ${current?.id ?? 'none'} Error: ${how}`)
      const before = state
      state = 'gone'
      settle(outcome)
      if (before === 'starting') on.initFailed(outcome)
      on.gone()
      resolve()
    }
    child.once('error', (cause) => end(`Runtime could not be started: ${cause.message}`))
    child.once('exit', (code, signal) => {
      end(`Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${code}`}`)
    })
  })

  async function run(invoke: Invoke): Promise<InvokeOutcome> {
    state = 'busy'
    const { promise, resolve } = Promise.withResolvers<InvokeOutcome>()
    current = { id: invoke.id, settle: resolve }
    const timer = setTimeout(() => {
      const seconds = definition.timeoutSeconds.toFixed(2)
      const message = `RequestId: ${invoke.id} Error: Task timed out after ${seconds} seconds`
      on.line(message)
      settle(failed('Sandbox.Timedout', message))
      child.kill('SIGKILL')
    }, definition.timeoutSeconds * 1000)
    // A process that died a moment ago: its exit settles the invocation.
    child.send(invoke, () => undefined)
    return promise.finally(() => clearTimeout(timer))
  }

  return {
    pid: child.pid ?? 0,
    busy: () => state === 'busy',
    run,
    kill: async () => {
      child.kill('SIGKILL')
      await Promise.all([exited, linesRead])
    },
  }
}

function readLines(child: ChildProcess, line: (line: string) => void): Promise<unknown> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
  return Promise.all(
    streams.map((input) => {
      const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line)
      return new Promise((resolve) => reader.once('close', resolve))
    }),
  )
}
