import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type * as z from 'zod'
import { parseJson } from '../core/platform/json.ts'
import { isAlive, LOCAL_FILE, localDetailsSchema } from '../local/local-file.ts'
import { Failure } from './failure.ts'

/** Of what `npm start` writes for programs, what is used here. */
const localStackSchema = localDetailsSchema
  .pick({
    stage: true,
    apiUrl: true,
    clickupUrl: true,
    version: true,
    connection: true,
    endpoints: true,
    tables: true,
    queues: true,
    busName: true,
    archiveBucket: true,
    credentials: true,
    region: true,
    pid: true,
  })
  // Needed by few commands, so that the others go on with what an earlier version has written.
  .partial({ stage: true, apiUrl: true, clickupUrl: true, busName: true })
export type LocalStack = z.infer<typeof localStackSchema>

/**
 * The local stack of the directory, or of the nearest above it; `null` where none was started.
 * @throws Failure when one was started and runs no more, or its file is not to be read
 */
export async function findLocalStack(cwd: string): Promise<LocalStack | null> {
  const path = nearest(cwd)
  if (path === null) return null
  const shown = relative(cwd, path)
  const parsed = localStackSchema.safeParse(parseJson(readFileSync(path, 'utf8')))
  if (!parsed.success) {
    throw new Failure(`${shown} is not what npm start writes: remove it and run npm start, or choose a --stage on AWS.`)
  }
  const stack = parsed.data
  if (await answers(stack.endpoints.dynamodb)) return stack
  const reason = isAlive(stack.pid)
    ? `does not answer at ${stack.endpoints.dynamodb}`
    : `has ended (process ${stack.pid} is gone)`
  throw new Failure(`The local stack of ${shown} ${reason}: run npm start, or choose a --stage on AWS.`)
}

function nearest(from: string): string | null {
  const path = join(from, LOCAL_FILE)
  if (existsSync(path)) return path
  const parent = dirname(from)
  return parent === from ? null : nearest(parent)
}

/** Any answer at all will do: a refusal comes from something that runs. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}
