import type { Rotated } from '../rotation/report.ts'
import { type ConnectionStatus, type Thing, watermarkOf } from './connection.ts'
import { sizeOf } from './queues.ts'
import type { Status } from './status.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The watermark is 10 to 25 minutes old when all is well. */
const WATERMARK_AMBER_MS = 30 * MINUTE
const WATERMARK_RED_MS = 2 * HOUR
/** The guard comes every five minutes. */
const GUARD_AMBER_MS = 15 * MINUTE
const GUARD_RED_MS = HOUR
/** A run that nobody has moved for so long has lost its message; the next one of the schedule takes it up. */
export const STUCK_MS = 20 * MINUTE
/** Every list has its hour of the day. */
const CENSUS_MS = 26 * HOUR
/** What was put off longer than that waits for more than the next window of the budget. */
export const WAITING_MS = 30 * MINUTE

export type Level = 'amber' | 'red'

/** One thing that is not as it should be; times are ms since 1970, null for never. */
export type Matter = { level: Level; connection: string | null } & (
  | { kind: 'notConnected' }
  | { kind: 'unreadable'; thing: Thing }
  | { kind: 'tokenRefused'; since: number; code: string }
  | { kind: 'clickupDown'; since: number }
  /** What the guard could not mend, or is about to. */
  | { kind: 'webhook'; verdict: 'unhealthy' | 'mending' | 'unknown'; findings: readonly string[] }
  | { kind: 'guardLate'; lastAt: number | null }
  | { kind: 'quarantine'; messages: number }
  | { kind: 'censusHalted'; note: string | null }
  | { kind: 'watermark'; at: number | null }
  | { kind: 'openGap'; from: number }
  | { kind: 'stopped'; job: 'backfill' | 'sweep' | 'census'; note: string | null }
  | { kind: 'stuck'; job: 'backfill' | 'sweep' | 'census'; movedAt: number; note: string | null }
  | { kind: 'censusLate'; lastAt: number | null }
  | { kind: 'deliveriesWait'; since: number }
  /** The latest came to nothing. */
  | { kind: 'rotationFailed'; rotated: Rotated; at: number; detail: string }
  /** One has begun, and nobody has gone on with it. */
  | { kind: 'rotationStuck'; rotated: Rotated; movedAt: number }
)

export type Verdict = { level: 'well' | Level; matters: readonly Matter[] }

/** Whether all is well; else what is not, the worst first. */
export function verdictOf(status: Pick<Status, 'queues' | 'connections'>, now: number): Verdict {
  const messages = sizeOf(status.queues.quarantine)
  const matters: Matter[] = [
    ...status.connections.flatMap((connection) => mattersOf(connection, now)),
    ...(messages > 0 ? [{ kind: 'quarantine', level: 'red', connection: null, messages } as const] : []),
  ]
  const sorted = matters.toSorted((a, b) => Number(b.level === 'red') - Number(a.level === 'red') || rank(a) - rank(b))
  return { level: sorted[0]?.level ?? 'well', matters: sorted }
}

/** What nothing else can go on without comes first. */
const RANK: readonly Matter['kind'][] = [
  'notConnected',
  'tokenRefused',
  'webhook',
  'quarantine',
  'censusHalted',
  'watermark',
  'clickupDown',
  'guardLate',
  'unreadable',
  'stopped',
  'stuck',
  'rotationFailed',
  'rotationStuck',
  'openGap',
  'deliveriesWait',
  'censusLate',
]
const rank = ({ kind }: Matter) => RANK.indexOf(kind)

/** Without it nothing is done, and without the sweep's no sweep begins. */
const VITAL: ReadonlySet<Thing> = new Set<Thing>(['connection', 'sweep'])

function mattersOf(status: ConnectionStatus, now: number): Matter[] {
  const { name: connection, record, upstream, unreadable } = status
  const matters: Matter[] = unreadable.map((thing) => ({
    ...{ kind: 'unreadable', level: VITAL.has(thing) ? 'red' : 'amber', connection, thing },
  }))
  if (record === null) {
    // Without it nothing is done, so nothing else is amiss.
    return unreadable.includes('connection') ? matters : [{ kind: 'notConnected', level: 'amber', connection }]
  }
  const { breaker, token } = upstream ?? {}
  if (token?.state === 'refused')
    matters.push({ kind: 'tokenRefused', level: 'red', connection, since: token.since, code: token.code })
  if (breaker?.state === 'open') matters.push({ kind: 'clickupDown', level: 'amber', connection, since: breaker.since })
  if (record.mode !== 'poll') matters.push(...ofWebhooks(status, now))
  matters.push(...ofSweep(status, now), ...ofCensus(status, now), ...ofBackfill(status, now))
  matters.push(...ofRotations(status, now))
  const open = status.gaps.find(({ to }) => to === null)
  if (open !== undefined) matters.push({ kind: 'openGap', level: 'amber', connection, from: open.from })
  const { waitingSince } = status
  if (waitingSince !== null && now - waitingSince > WAITING_MS)
    matters.push({ kind: 'deliveriesWait', level: 'amber', connection, since: waitingSince })
  return matters
}

function ofWebhooks({ name: connection, record, webhooks, unreadable }: ConnectionStatus, now: number): Matter[] {
  if (unreadable.includes('webhooks')) return []
  const report = webhooks?.report ?? null
  const matters: Matter[] = []
  if (report !== null && report.verdict !== 'well') {
    const { verdict, findings } = report
    const level = verdict === 'unhealthy' ? 'red' : 'amber'
    matters.push({ kind: 'webhook', level, connection, verdict, findings })
  }
  const age = now - (report?.at ?? record?.connectedAt ?? 0)
  if (age > GUARD_AMBER_MS) {
    const level = age > GUARD_RED_MS ? 'red' : 'amber'
    matters.push({ kind: 'guardLate', level, connection, lastAt: report?.at ?? null })
  }
  return matters
}

/** A connection that was just made promises nothing yet: that is no alarm before its first sweep is due. */
export function watermarkLevel(
  { record, sweep }: Pick<ConnectionStatus, 'record' | 'sweep'>,
  now: number,
): Verdict['level'] {
  const at = watermarkOf({ sweep })
  if (at === null) return now - (record?.connectedAt ?? 0) <= WATERMARK_AMBER_MS ? 'amber' : 'red'
  return now - at > WATERMARK_RED_MS ? 'red' : now - at > WATERMARK_AMBER_MS ? 'amber' : 'well'
}

function ofSweep(status: ConnectionStatus, now: number): Matter[] {
  const { name: connection, sweep, unreadable } = status
  if (unreadable.includes('sweep')) return []
  const matters = runMatters('sweep', sweep, connection, now)
  const level = watermarkLevel(status, now)
  if (level !== 'well') matters.push({ kind: 'watermark', level, connection, at: watermarkOf(status) })
  return matters
}

function ofCensus(
  { name: connection, record, census, hierarchy, unreadable }: ConnectionStatus,
  now: number,
): Matter[] {
  if (unreadable.includes('census')) return []
  if (census?.phase === 'halted') return [{ kind: 'censusHalted', level: 'red', connection, note: census.note }]
  const hasLists = hierarchy?.spaces.some(({ lists }) => lists.length > 0) ?? false
  const since = census?.startedAt ?? record?.connectedAt ?? 0
  const matters = runMatters('census', census, connection, now)
  if (hasLists && now - since > CENSUS_MS)
    matters.push({ kind: 'censusLate', level: 'amber', connection, lastAt: census?.startedAt ?? null })
  return matters
}

const ofBackfill = ({ name, backfill }: ConnectionStatus, now: number): Matter[] =>
  runMatters('backfill', backfill, name, now)

function ofRotations({ name: connection, rotations }: ConnectionStatus, now: number): Matter[] {
  return (['signing', 'token'] as const).flatMap((rotated): Matter[] => {
    const report = rotations[rotated]
    if (report?.phase === 'failed')
      return [{ kind: 'rotationFailed', level: 'amber', connection, rotated, at: report.at, detail: report.detail }]
    if (report?.phase !== 'running' || now - report.at <= STUCK_MS) return []
    return [{ kind: 'rotationStuck', level: 'amber', connection, rotated, movedAt: report.at }]
  })
}

type Run = { phase: string; updatedAt: number; endedAt: number | null; note: string | null }

function runMatters(job: 'backfill' | 'sweep' | 'census', run: Run | null, connection: string, now: number): Matter[] {
  if (run === null) return []
  const { phase, updatedAt, endedAt, note } = run
  if (phase === 'stopped') return [{ kind: 'stopped', level: 'amber', connection, job, note }]
  if (endedAt !== null || now - updatedAt <= STUCK_MS) return []
  return [{ kind: 'stuck', level: 'amber', connection, job, movedAt: updatedAt, note }]
}
