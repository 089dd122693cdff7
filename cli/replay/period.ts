import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Target } from '../target.ts'

export type PeriodOptions = { since: number; until?: number | undefined; connection?: string | undefined }

/** The clocks of the functions may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000

/** The period and the connections that are meant. @throws Failure for a period that is none, or a connection that is not there */
export function periodOf(io: Io, target: Target, { since, until, connection }: PeriodOptions) {
  const end = until ?? io.now() + AHEAD_MS
  if (end <= since) throw new Failure('--until must be later than --since.')
  if (connection !== undefined && !target.connections.includes(connection))
    throw new Failure(`There is no connection ${connection}: use one of ${target.connections.join(', ')}.`)
  return { since, until: end, connections: connection === undefined ? target.connections : [connection] }
}

/** The command that goes on where this one has stopped. */
export function goOnWith(parts: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]))
  return `Go on with: npx hookline replay ${given.join(' ')}`
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()
