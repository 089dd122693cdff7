import { createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'

/** A Postgres in this process, on loopback: the real database, and its wire protocol for the real driver. */
export async function startPostgres() {
  const database = await PGlite.create()
  const sockets = new Set<Socket>()
  // The database has one session, which whoever comes next goes on with.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    let pending = Promise.resolve()
    const messagesIn = reader()
    socket.on('data', (chunk) => {
      for (const message of messagesIn(chunk)) {
        pending = pending.then(async () => {
          const answer = await database.execProtocolRaw(message)
          if (socket.writable) socket.write(answer)
        })
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  const disconnect = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    database,
    url: `postgres://postgres:postgres@127.0.0.1:${address.port}/postgres`,
    /** Ends every connection, as a failover does. */
    disconnect,
    async close(): Promise<void> {
      disconnect()
      await new Promise((resolve) => server.close(resolve))
      await database.close()
    },
  }
}

/** The whole messages of a stream: a type and a length, but for the first one, which has no type. */
function reader(): (chunk: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const messages: Buffer[] = []
    for (;;) {
      const type = started ? 1 : 0
      if (rest.length < type + 4) return messages
      const length = type + rest.readInt32BE(type)
      if (rest.length < length) return messages
      messages.push(rest.subarray(0, length))
      rest = rest.subarray(length)
      started = true
    }
  }
}
