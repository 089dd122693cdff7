import pg from 'pg'

/** A database as far as it is used here; `values` take the places of `$1`, `$2` and so on. */
export type Sql = {
  query(text: string, values: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** Ten times both is still within the function's time-out: a database that hangs fails the events, not the invocation. */
const CONNECT_MS = 2_000
const QUERY_MS = 3_000

/** Any Postgres, by its connection string: `postgres://user:password@host/database?sslmode=verify-full`. */
export function postgres(connectionString: string): Sql {
  // One connection: a worker does one thing at a time, and many workers must not use up the database's connections.
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS })
  // A connection that the database ends while nobody uses it is no reason to end the process; the next query opens another.
  pool.on('error', () => undefined)
  return {
    query: (text, values) => pool.query(text, [...values]),
    close: () => pool.end(),
  }
}
