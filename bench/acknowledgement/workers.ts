import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import type { Order } from './worker.ts'

/** A process and what it told first. */
type Running<Told> = { told: Told; stop(): void }

/**
 * Starts a worker and waits for what it has to tell.
 * @throws Error with what it said last when it ends before
 */
export function startWorker<Told>(
  order: Order,
  schema: z.ZodType<Told>,
  env: Readonly<Record<string, string>> = {},
): Promise<Running<Told>> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  })
  let last = ''
  child.stderr?.on('data', (chunk) => {
    last = `${last}${chunk}`.slice(-2_000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (message) => resolve({ told: schema.parse(message), stop: () => child.kill() }))
    child.once('exit', (code) => reject(new Error(`The ${order.kind} ended with ${code} and told nothing:\n${last}`)))
  })
}

/** A Redis that writes nothing to a disk; null where there is no `redis-server`. */
export async function startRedis(): Promise<Running<{ port: number }> | null> {
  const port = await freePort()
  const none = ['--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...none], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const isReady = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', () => resolve(false))
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('Ready to accept connections')) resolve(true)
    })
  })
  return (await isReady) ? { told: { port }, stop: () => child.kill() } : null
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  server.close()
  await once(server, 'close')
  return port
}
