/**
 * Runs inside a function's process, in the place of Lambda's runtime: loads the bundle, then one invocation at a time.
 * It starts once per process, so it imports nothing but types and Node's own.
 */
import { existsSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionError } from './outcome.ts'
import type { Invoke, Said } from './protocol.ts'

type Handler = (event: unknown, context: unknown) => unknown

/** Lambda's limit for what a function may return. */
const MAX_PAYLOAD_BYTES = 6_291_556

const say = (said: Said, then?: () => void) => process.send?.(said, undefined, undefined, then)

function describe(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
}

async function load(name: string): Promise<Handler> {
  const dot = name.lastIndexOf('.')
  const [file, exported] = [name.slice(0, dot), name.slice(dot + 1)]
  const path = ['.mjs', '.js', '.cjs']
    .map((ending) => resolve(file + ending))
    .find((candidate) => existsSync(candidate))
  if (!path) throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' })
  const module: unknown = await import(pathToFileURL(path).href)
  const found = typeof module === 'object' && module !== null ? Reflect.get(module, exported) : undefined
  if (typeof found !== 'function') {
    throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' })
  }
  // Node.js 24 on Lambda no longer takes handlers with a callback.
  if (found.length > 2) {
    throw Object.assign(new Error(`${name} takes a callback`), { name: 'Runtime.CallbackHandlerDeprecated' })
  }
  return async (event, context) => found(event, context)
}

async function serve(handler: Handler, { id, event, deadline, context }: Invoke): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), {
      ...context,
      awsRequestId: id,
      functionVersion: '$LATEST',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    })
    const payload = JSON.stringify(result) ?? 'null'
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      const message = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`
      throw Object.assign(new Error(message), { name: 'Function.ResponseSizeTooLarge' })
    }
    say({ kind: 'returned', id, payload })
  } catch (thrown) {
    const error = describe(thrown)
    // As Lambda logs it, so that a failure is seen even when nobody looks at what invoked.
    process.stderr.write(`${JSON.stringify({ level: 'ERROR', message: 'Invoke Error', requestId: id, ...error })}\n`)
    say({ kind: 'threw', id, error })
  }
}

// Nothing may outlive the program that started it.
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group of processes; the one that started this decides when it ends.
process.on('SIGINT', () => undefined)

try {
  const handler = await load(process.env['_HANDLER'] ?? 'index.handler')
  process.on('message', (message: Invoke) => serve(handler, message))
  say({ kind: 'ready' })
  // Where there is a cache: it is written at the end of a process, and this one will be killed.
  flushCompileCache()
} catch (thrown) {
  const error = describe(thrown)
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', message: 'Init Error', ...error })}\n`)
  say({ kind: 'initFailed', error }, () => process.exit(1))
}
