declare module 'dynalite' {
  import type { Server } from 'node:http'

  type Options = { createTableMs?: number; deleteTableMs?: number; updateTableMs?: number }

  /** An HTTP server on an in-memory store; it need not listen to be used. */
  export default function dynalite(options?: Options): Server
}
