import { createServer } from 'node:net'
import { StackError } from '../stack/errors.ts'

/**
 * Says at once that a port is taken, rather than after the seconds that synthesizing takes.
 * @throws StackError (`portBusy`)
 */
export async function requirePort(port: number): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  probe.once('error', (cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${cause.code})`
    reject(new StackError('portBusy', `Port ${port} ${why}; choose another one with --port`, { cause }))
  })
  probe.listen(port, '127.0.0.1', resolve)
  await listening
  await new Promise((closed) => probe.close(closed))
}
