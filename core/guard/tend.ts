import type { Webhook, Webhooks } from '../clickup/webhooks.ts'
import type { Slot } from '../platform/connections.ts'
import { SIGNING_CACHE } from '../secrets/signing.ts'
import type { GapStore } from '../sync/gaps.ts'
import type { SendJob } from '../sync/job.ts'
import type { Fault } from '../upstream/fault.ts'
import { type ActServices, carryOut, type Run } from './act.ts'
import { assess, type Finding } from './assess.ts'
import { closeGaps, hasOpenGap, openGaps } from './breaches.ts'
import { faultText } from './fault-text.ts'
import { settleRotation } from './settle-rotation.ts'
import type { Report, Session, SlotState } from './state.ts'

export type TendServices = ActServices & {
  /** How long the token may have been replaced without its being noticed here, ms. */
  tokenLifeMs: number
  /** @default SIGNING_CACHE.lingerMs */
  lingerMs?: number
  /** The webhooks by the token that was in use before this one; null where there is none, or it is not to be had here. */
  former: (() => Promise<Webhooks | null>) | null
  gaps: GapStore
  /** To the jobs queue: a sweep brings what was missed. */
  sendJob: SendJob
}

export type Tended =
  /** `mended`: what was done, one sentence each. */
  | { kind: 'well'; mended: string[]; webhook: Webhook | null }
  /** A webhook is being made and waits until then; whoever comes then goes on. */
  | { kind: 'waiting'; until: number; mended: string[] }
  /** What was found and could not be mended, one sentence each. */
  | { kind: 'unhealthy'; problems: string[]; inTheWay: Webhook[]; refused: string | null }
  /** Nothing can be concluded. */
  | { kind: 'unreachable'; fault: Fault }

type Lost = NonNullable<Report['lost']>

/** Mending sets the count to nothing, and whoever looks at it comes every five minutes: it is kept until he has been there. */
const LOST_KEPT_MS = 10 * 60_000

const mostLost = (now: Lost, before: Lost | undefined): Lost =>
  before !== undefined && before.count > now.count && now.at - before.at < LOST_KEPT_MS ? before : now

/** How soon a run that could conclude nothing is followed by another. */
const LOOK_AGAIN_MS = 60_000

/**
 * Looks after the webhooks of a connection once, under the lock: lists, mends what is wrong, and writes down what it saw.
 * Faults of ClickUp end it without a conclusion. The session is released.
 */
export async function tend(session: Session, services: TendServices, silent: boolean): Promise<Tended> {
  const { api, signing, urls, userId, tokenLifeMs, clock } = services
  const askedAt = clock.now()
  const answer = await api.list()
  const latencyMs = clock.now() - askedAt
  const { lost: lostBefore } = session.state.report ?? {}
  if (answer.kind !== 'ok') return unreachable(session, services, { fault: answer, lost: lostBefore })
  await settleRotation(session, answer.value, services)
  const { slots } = await signing.read()
  const { state } = session
  const { lingerMs = SIGNING_CACHE.lingerMs } = services
  const facts = { listed: answer.value, slots, state, urls, userId, tokenLifeMs, lingerMs, now: clock.now(), silent }
  const findings = assess(facts)
  await openGaps(findings, state.goodAt, services)

  const current = new Map(answer.value.map((webhook) => [webhook.id, webhook]))
  const counts = [slots.a, slots.b].map((entry) => current.get(entry?.webhookId ?? '')?.failCount ?? 0)
  const lost = mostLost({ count: Math.max(0, ...counts), at: askedAt }, lostBefore)
  const listed = new Set(current.keys())
  const run: Run = {
    listed,
    ...{ session, services, current, done: [], problems: [], inTheWay: [], refused: null, waiting: null, mended: {} },
  }
  for (const finding of findings) {
    const fault = await carryOut(finding, run)
    if (fault !== null) return unreachable(session, services, { fault, lost })
  }
  return conclude(run, { findings, latencyMs, lost }, session, services)
}

async function conclude(
  run: Run,
  { findings, latencyMs, lost }: { findings: readonly Finding[]; latencyMs: number; lost: Lost },
  session: Session,
  services: TendServices,
): Promise<Tended> {
  const { current, done, problems } = run
  const { connection, clock, signing, sendJob, log } = services
  const now = clock.now()
  const { slots } = await signing.read()
  const active = [slots.a, slots.b].filter((entry) => entry?.state === 'active')
  const [alive = null] = active.flatMap((entry) => current.get(entry?.webhookId ?? '') ?? [])
  // None, and nothing was done about it: another run may know more.
  const waiting = run.waiting ?? (alive === null && problems.length === 0 ? now + LOOK_AGAIN_MS : null)
  const verdict: Report['verdict'] = problems.length > 0 ? 'unhealthy' : waiting !== null ? 'mending' : 'well'
  const before = session.state.slots
  const after: Partial<Record<Slot, SlotState>> = {}
  for (const slot of ['a', 'b'] as const) {
    const entry = slots[slot]
    const webhook = current.get(entry?.webhookId ?? '')
    if (webhook === undefined) {
      // Not there after this run; what was seen of it before is forgotten only when all is known to be well without it, and with
      // its slot.
      const seen = before[slot]
      const isKept = verdict !== 'well' || entry?.state === 'retiring'
      if (isKept && seen !== undefined && seen.webhookId === entry?.webhookId)
        after[slot] = run.listed.has(seen.webhookId) ? { ...seen, checkedAt: now } : seen
      continue
    }
    const sound = verdict === 'well' && entry?.state === 'active' && webhook.status === 'active'
    const { id: webhookId, endpoint, status, failCount } = webhook
    const kept = before[slot]?.webhookId === webhookId ? before[slot] : undefined
    const what = run.mended[slot]
    const mended = what === undefined ? (kept?.mended ?? null) : { at: now, what }
    const goodUntil = sound ? now : (kept?.goodUntil ?? null)
    after[slot] = { ...{ webhookId, endpoint, status, failCount, checkedAt: now, goodUntil, mended } }
  }
  const report = { at: now, verdict, findings: [...done, ...problems], latencyMs, lost }
  if (problems.length > 0) log.error('A webhook is not well and could not be mended', { connection, problems })
  if (verdict === 'well') {
    // Before the gaps are closed: a crash in between asks once more for the sweep, and never not at all.
    const missed = findings.some(({ cause }) => cause !== null) || (await hasOpenGap(services))
    if (missed) await sendJob({ job: 'sweep', connection, reason: 'mended' })
    await closeGaps(services)
  }
  await session.release({ slots: after, report, ...(verdict === 'well' ? { goodAt: now } : {}) })
  if (problems.length > 0) return { kind: 'unhealthy', problems, inTheWay: run.inTheWay, refused: run.refused }
  if (waiting !== null) return { kind: 'waiting', until: waiting, mended: done }
  return { kind: 'well', mended: done, webhook: alive }
}

/** Nothing is known, so nothing of what was known is given up: what was lost may be mended already, and nobody have looked yet. */
async function unreachable(
  session: Session,
  { connection, clock, log }: TendServices,
  { fault, lost }: { fault: Fault; lost: Lost | undefined },
): Promise<Tended> {
  const text = faultText(fault)
  log.warn('Nothing could be learnt of the webhooks', { connection, reason: text })
  const at = clock.now()
  const isKept = lost !== undefined && at - lost.at < LOST_KEPT_MS
  await session.release({ report: { at, verdict: 'unknown', findings: [text], ...(isKept ? { lost } : {}) } })
  return { kind: 'unreachable', fault }
}
