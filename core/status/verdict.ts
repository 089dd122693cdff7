import { NO_PAUSE, pausedBetween } from '../pause/pause.ts'
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
export type Matter = {
  level: Level
  connection: string | null
} /** An operator has paused everything; what stands still for it is nothing else amiss. */ & (
  | { kind: 'paused'; since: number; by: string; reason: string | null }
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

/** Whether all is well; else what is not: a pause, which explains the rest, then the worst. */
export function verdictOf(
  status: Pick<Status, 'queues' | 'connections'> & Partial<Pick<Status, 'pause'>>,
  now: number,
): Verdict {
  const messages = sizeOf(status.queues.quarantine)
  const pause = status.pause ?? NO_PAUSE
  const { since, by, reason } = pause
  const clock = { now, pausedSince: (at: number) => pausedBetween(pause, at, now) }
  const matters: Matter[] = [
    ...(since === null ? [] : [{ kind: 'paused', level: 'amber', connection: null, since, by, reason } as const]),
    ...status.connections.flatMap((connection) => mattersOf(connection, clock)),
    ...(messages > 0 ? [{ kind: 'quarantine', level: 'red', connection: null, messages } as const] : []),
  ]
  const isRed = ({ level }: Matter) => Number(level === 'red')
  const isPause = ({ kind }: Matter) => Number(kind === 'paused')
  const sorted = matters.toSorted((a, b) => isPause(b) - isPause(a) || isRed(b) - isRed(a) || rank(a) - rank(b))
  const worst = sorted.some(({ level }) => level === 'red') ? 'red' : (sorted[0]?.level ?? 'well')
  return { level: worst, matters: sorted }
}

/** What nothing else can go on without comes first. */
const RANK: readonly Matter['kind'][] = [
  'paused',
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

/** What has happened in a pause, or since one began, is no later for it. */
type PausableClock = { now: number; pausedSince(at: number): number }

/** How long it is since then, pauses apart. */
const ageAt = (at: number, { now, pausedSince }: PausableClock) => now - at - pausedSince(at)

/** Without it nothing is done, and without the sweep's no sweep begins. */
const VITAL: ReadonlySet<Thing> = new Set<Thing>(['connection', 'sweep'])

function mattersOf(status: ConnectionStatus, clock: PausableClock): Matter[] {
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
  if (record.mode !== 'poll') matters.push(...ofWebhooks(status, clock))
  matters.push(...ofSweep(status, clock), ...ofCensus(status, clock), ...ofBackfill(status, clock))
  matters.push(...ofRotations(status, clock))
  const open = status.gaps.find(({ to }) => to === null)
  if (open !== undefined) matters.push({ kind: 'openGap', level: 'amber', connection, from: open.from })
  const { waitingSince } = status
  if (waitingSince !== null && ageAt(waitingSince, clock) > WAITING_MS)
    matters.push({ kind: 'deliveriesWait', level: 'amber', connection, since: waitingSince })
  return matters
}

function ofWebhooks(
  { name: connection, record, webhooks, unreadable }: ConnectionStatus,
  clock: PausableClock,
): Matter[] {
  if (unreadable.includes('webhooks')) return []
  const report = webhooks?.report ?? null
  const matters: Matter[] = []
  if (report !== null && report.verdict !== 'well') {
    const { verdict, findings } = report
    const level = verdict === 'unhealthy' ? 'red' : 'amber'
    matters.push({ kind: 'webhook', level, connection, verdict, findings })
  }
  const age = ageAt(report?.at ?? record?.connectedAt ?? 0, clock)
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
  pausedSince: (at: number) => number = () => 0,
): Verdict['level'] {
  const at = watermarkOf({ sweep })
  const clock = { now, pausedSince }
  if (at === null) return ageAt(record?.connectedAt ?? 0, clock) <= WATERMARK_AMBER_MS ? 'amber' : 'red'
  const age = ageAt(at, clock)
  return age > WATERMARK_RED_MS ? 'red' : age > WATERMARK_AMBER_MS ? 'amber' : 'well'
}

function ofSweep(status: ConnectionStatus, clock: PausableClock): Matter[] {
  const { name: connection, sweep, unreadable } = status
  if (unreadable.includes('sweep')) return []
  const matters = runMatters('sweep', sweep, connection, clock)
  const level = watermarkLevel(status, clock.now, clock.pausedSince)
  if (level !== 'well') matters.push({ kind: 'watermark', level, connection, at: watermarkOf(status) })
  return matters
}

function ofCensus(
  { name: connection, record, census, hierarchy, unreadable }: ConnectionStatus,
  clock: PausableClock,
): Matter[] {
  if (unreadable.includes('census')) return []
  if (census?.phase === 'halted') return [{ kind: 'censusHalted', level: 'red', connection, note: census.note }]
  const hasLists = hierarchy?.spaces.some(({ lists }) => lists.length > 0) ?? false
  const since = census?.startedAt ?? record?.connectedAt ?? 0
  const matters = runMatters('census', census, connection, clock)
  if (hasLists && ageAt(since, clock) > CENSUS_MS)
    matters.push({ kind: 'censusLate', level: 'amber', connection, lastAt: census?.startedAt ?? null })
  return matters
}

const ofBackfill = ({ name, backfill }: ConnectionStatus, clock: PausableClock): Matter[] =>
  runMatters('backfill', backfill, name, clock)

function ofRotations({ name: connection, rotations }: ConnectionStatus, clock: PausableClock): Matter[] {
  return (['signing', 'token'] as const).flatMap((rotated): Matter[] => {
    const report = rotations[rotated]
    if (report?.phase === 'failed')
      return [{ kind: 'rotationFailed', level: 'amber', connection, rotated, at: report.at, detail: report.detail }]
    if (report?.phase !== 'running' || ageAt(report.at, clock) <= STUCK_MS) return []
    return [{ kind: 'rotationStuck', level: 'amber', connection, rotated, movedAt: report.at }]
  })
}

type Run = { phase: string; updatedAt: number; endedAt: number | null; note: string | null }

function runMatters(
  job: 'backfill' | 'sweep' | 'census',
  run: Run | null,
  connection: string,
  clock: PausableClock,
): Matter[] {
  if (run === null) return []
  const { phase, updatedAt, endedAt, note } = run
  if (phase === 'stopped') return [{ kind: 'stopped', level: 'amber', connection, job, note }]
  if (endedAt !== null || ageAt(updatedAt, clock) <= STUCK_MS) return []
  return [{ kind: 'stuck', level: 'amber', connection, job, movedAt: updatedAt, note }]
}
