import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { type Outcome, startRuntimeApi } from './runtime-api.ts'

/** The runtime interface client, which is what runs a handler in Lambda; or, in one sentence, why there is none. */
export type RuntimeClient = { kind: 'found'; entry: string; version: string } | { kind: 'none'; reason: string }

const HOW =
  'to have it, install autoconf, automake, libtool, cmake and g++, run npm i aws-lambda-ric in a folder of its own with its ' +
  "install scripts allowed, and set AWS_LAMBDA_RIC to that folder's node_modules/aws-lambda-ric"

const packageSchema = z.object({
  name: z.literal('aws-lambda-ric'),
  version: z.string(),
  bin: z.object({ 'aws-lambda-ric': z.string() }),
})

/**
 * Looks for it where the environment says. It is a native addon that takes a compiler and minutes to install, and so no dependency.
 *
 * @param directory of the installed package: AWS_LAMBDA_RIC
 */
export function findRuntimeClient(directory: string | undefined): RuntimeClient {
  if (directory === undefined || directory === '') return { kind: 'none', reason: `AWS_LAMBDA_RIC is not set; ${HOW}` }
  const file = join(directory, 'package.json')
  if (!existsSync(file)) return { kind: 'none', reason: `AWS_LAMBDA_RIC has no package.json; ${HOW}` }
  const { success, data } = packageSchema.safeParse(parsed(readFileSync(file, 'utf8')))
  if (!success) return { kind: 'none', reason: `AWS_LAMBDA_RIC is another package than aws-lambda-ric 4; ${HOW}` }
  // On macOS, and with install scripts forbidden, it is installed without.
  if (!existsSync(join(directory, 'rapid-client.node'))) {
    return { kind: 'none', reason: `the aws-lambda-ric of AWS_LAMBDA_RIC was not built; ${HOW}` }
  }
  return { kind: 'found', entry: join(directory, data.bin['aws-lambda-ric']), version: data.version }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** From the start of the process, Node's own included, until the runtime asked for work, and until the answer was there. */
export type Ran = { initMs: number; wholeMs: number; answer: unknown }

/**
 * Starts a module in a fresh Node as Lambda does, and gives it one invocation.
 * @throws Error that says what failed when its init or its invocation does
 */
export async function startThrough(
  entry: string,
  module: string,
  event: unknown,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const api = await startRuntimeApi(event)
  const handler = `${basename(module, '.mjs')}.handler`
  const begun = performance.now()
  const child = spawn(process.execPath, [entry, handler], {
    ...{ stdio: ['ignore', 'ignore', 'ignore'], timeout: GIVE_UP_MS, killSignal: 'SIGKILL' },
    env: {
      ...env,
      ...LAMBDA,
      AWS_LAMBDA_RUNTIME_API: api.authority,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: dirname(module),
    },
  })
  const ended = once(child, 'exit')
  try {
    const outcome = await Promise.race([api.outcome, ended.then(([code, signal]) => endedWith(code ?? signal))])
    if (outcome.kind === 'failed') throw new Error(`${module} failed during its ${outcome.during}: ${outcome.message}`)
    const { askedAt, answeredAt, answer } = outcome
    return { initMs: askedAt - begun, wholeMs: answeredAt - begun, answer }
  } finally {
    child.kill('SIGKILL')
    await ended.catch(() => undefined)
    await api.close()
  }
}

const GIVE_UP_MS = 60_000

/** `how`: its status, or the signal that ended it. */
const endedWith = (how: unknown): Outcome => ({
  ...{ kind: 'failed', during: 'init' },
  message: `it ended with ${how} before it answered (SIGKILL: it took longer than ${GIVE_UP_MS / 1_000} s)`,
})

/** What Lambda sets beside; the functions log as JSON there. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const LAMBDA = {
  ...{ AWS_LAMBDA_FUNCTION_NAME: 'bench', AWS_LAMBDA_FUNCTION_VERSION: '1', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256' },
  ...{ AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench', AWS_LAMBDA_LOG_STREAM_NAME: 'bench' },
  ...{ AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
}
