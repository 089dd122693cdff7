import type { Pause } from '../pause/pause.ts'
import type { StatusPage } from './clickup-page.ts'
import { isIncident } from './clickup-page.ts'
import { type ConnectionStatus, watermarkOf } from './connection.ts'
import type { ClickUpStatus, Pulse } from './pulse.ts'
import { type Matter, verdictOf } from './verdict.ts'

/** Of `hookline status`, by its kind; what else there is to be said; and that nothing could be read. */
type Reason = Matter['kind'] | 'pulseLate' | 'clickupIncident' | 'stateUnreadable'

/** How a stage does, for anybody who asks: no name, no id, nothing that a person wrote. Durations are in seconds. */
export type Health = {
  status: 'healthy' | 'degraded' | 'down'
  /** Why it is not healthy, the worst first. */
  reasons: readonly Reason[]
  version: string
  /** When this was found out; all times are in ISO 8601. */
  at: string
  /** The oldest of all connections; null while nothing is promised. */
  watermark: { at: string; ageSeconds: number } | null
  /** The latest of all connections, within a minute; null for none. */
  lastDelivery: { ageSeconds: number } | null
  /** How long it took to answer the guard, at worst, and what it says of itself; null for what nobody knows. */
  clickup: { latencyMs: number | null; says: StatusPage['state'] | null }
  paused: boolean
}

/** Everything that is stored of a stage. */
export type Stored = {
  connections: readonly ConnectionStatus[]
  pause: Pause
  pulse: Pulse | null
  clickup: ClickUpStatus | null
}

/** The pulse comes every five minutes, and with it what ClickUp says. */
const LATE_MS = 15 * 60_000
/** The queues are nobody's to see from here. */
const EMPTY = { waiting: 0, inFlight: 0, deferred: 0 }
const QUEUES = { deliveries: EMPTY, quarantine: EMPTY, jobs: null, guard: null }

/**
 * What keeps facts from coming, where it is red. A halted census holds back deletions alone, and waits for a person: the stage is
 * not down for that.
 */
const STOPS: ReadonlySet<Matter['kind']> = new Set<Matter['kind']>([
  'tokenRefused',
  'webhook',
  'watermark',
  'guardLate',
  'unreadable',
])

/**
 * Down where something that is red in `hookline status` keeps facts from coming, in any connection; degraded for everything else
 * that is not as it should be. A stage that was just deployed, or that is paused, is degraded and never down for it.
 */
export function healthOf({ connections, pause, pulse, clickup }: Stored, version: string, now: number): Health {
  const { matters } = verdictOf({ queues: QUEUES, connections, pause }, now)
  const isDown = matters.some(({ kind, level }) => level === 'red' && STOPS.has(kind))
  const page = clickup?.page ?? null
  const says = page !== null && now - page.at <= LATE_MS ? page : null
  const reasons = new Set<Reason>(matters.map(({ kind }) => kind))
  if (now - (pulse?.at ?? firstConnected(connections, now)) > LATE_MS) reasons.add('pulseLate')
  if (says !== null && isIncident(says)) reasons.add('clickupIncident')
  return {
    status: isDown ? 'down' : reasons.size > 0 ? 'degraded' : 'healthy',
    reasons: [...reasons],
    version,
    at: new Date(now).toISOString(),
    ...timesOf(connections, now),
    clickup: { latencyMs: latencyOf(connections), says: says?.state ?? null },
    paused: pause.since !== null,
  }
}

/** What is said where the state itself cannot be read. */
export const unreadableHealth = (version: string, now: number): Health => ({
  ...{ status: 'down', reasons: ['stateUnreadable'], version, at: new Date(now).toISOString() },
  ...{ watermark: null, lastDelivery: null, clickup: { latencyMs: null, says: null }, paused: false },
})

function timesOf(connections: readonly ConnectionStatus[], now: number): Pick<Health, 'watermark' | 'lastDelivery'> {
  const connected = connections.filter(({ record }) => record !== null)
  const marks = connected.map(watermarkOf)
  // One that promises nothing yet leaves nothing to promise for all of them.
  const watermark = marks.reduce<number | null>(
    (oldest, mark) => (oldest === null || mark === null ? null : Math.min(oldest, mark)),
    marks[0] ?? null,
  )
  const heard = connected.flatMap(({ heardAt }) => heardAt ?? [])
  return {
    watermark:
      watermark === null ? null : { at: new Date(watermark).toISOString(), ageSeconds: secondsSince(watermark, now) },
    lastDelivery: heard.length === 0 ? null : { ageSeconds: secondsSince(Math.max(...heard), now) },
  }
}

/** A pulse that was never taken is late as well, where there has been something to take it of. */
const firstConnected = (connections: readonly ConnectionStatus[], now: number) =>
  Math.min(now, ...connections.flatMap(({ record }) => record?.connectedAt ?? []))

const secondsSince = (at: number, now: number) => Math.max(0, Math.round((now - at) / 1_000))

function latencyOf(connections: readonly ConnectionStatus[]): number | null {
  const latencies = connections.flatMap(({ webhooks }) => webhooks?.report?.latencyMs ?? [])
  return latencies.length === 0 ? null : Math.max(...latencies)
}
