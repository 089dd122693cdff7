/** Every object that holds deliveries begins so: what an operator puts beside them is left alone. */
const ROOT = 'deliveries'
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const hourOf = (at: number) => new Date(at).toISOString().slice(0, 13).replace('T', '/')

/**
 * The key of an object: `deliveries/main/2026-03-01/14/{id}.ndjson.gz`. The hour (UTC) is that in which its deliveries came in,
 * not that in which they were stored, so that a period is found by its name however long the deliveries waited.
 */
export const objectKey = ({ connection, receivedAt }: { connection: string; receivedAt: number }, id: string): string =>
  `${ROOT}/${connection}/${hourOf(receivedAt)}/${id}.ndjson.gz`

/** Deliveries of one connection and one hour may share an object. */
export const groupOf = ({ connection, receivedAt }: { connection: string; receivedAt: number }): string =>
  `${connection}/${hourOf(receivedAt)}`

/** What all keys of a connection begin with. */
export const deliveriesOf = (connection: string): string => `${ROOT}/${connection}/`

/** Whether a key is one of ours. */
export const isArchived = (key: string): boolean => isWithin(key, 0, Number.POSITIVE_INFINITY)

/** What the keys of each day begin with, from the first day to the last. `since` is in it, `until` is not. */
export function dayPrefixes(connection: string, since: number, until: number): string[] {
  const prefixes: string[] = []
  for (let day = Math.floor(since / DAY_MS) * DAY_MS; day < until; day += DAY_MS)
    prefixes.push(`${ROOT}/${connection}/${new Date(day).toISOString().slice(0, 10)}/`)
  return prefixes
}

/** Whether an object may hold something of the period; a key that is none of ours never does. */
export function isWithin(key: string, since: number, until: number): boolean {
  const [, day, hour] = /^deliveries\/[a-z0-9-]+\/(\d{4}-\d{2}-\d{2})\/(\d{2})\/[\w-]+\.ndjson\.gz$/.exec(key) ?? []
  if (day === undefined || hour === undefined) return false
  const from = Date.parse(`${day}T${hour}:00:00Z`)
  return from + HOUR_MS > since && from < until
}
