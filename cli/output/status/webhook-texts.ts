import type { Report, SlotState, WebhookRotation, WebhooksState } from '../../../core/guard/state.ts'
import { gapCauseSchema } from '../../../core/sync/gaps.ts'
import { CAUSES } from '../causes.ts'
import { counted } from '../notes.ts'
import { plain } from '../text.ts'
import { agoText, type TimeStyle, timeText } from '../time.ts'
import type { Pen } from './level.ts'

/** Each webhook by its slot, as it was when it was last looked at. */
export function webhookTexts(webhooks: WebhooksState | null, pen: Pen): string[] {
  const { slots, rotation = null, offSince = null } = webhooks ?? { slots: {} }
  const lines = (['a', 'b'] as const).flatMap((slot) => {
    const state = slots[slot]
    // Deleted already, and not looked for since.
    const isGone = rotation?.way === 'instead' && rotation.fromId === state?.webhookId
    return state === undefined || isGone ? [] : [slotText(slot, state, pen)]
  })
  if (rotation !== null) lines.push(rotationText(rotation, pen.style))
  if (lines.length > 0) return lines
  if (offSince !== null) return [`none since ${agoText(offSince, pen.style.now)}: it was disconnected`]
  return [pen.paint('yellow', 'none is known')]
}

function rotationText({ phase, way, since, from, to, until }: WebhookRotation, style: TimeStyle): string {
  const { now } = style
  if (phase === 'making') {
    const gone = way === 'instead' ? ', which is deleted already' : ''
    return `one is made at slot ${to} since ${agoText(since, now)}, to replace that at slot ${from}${gone}`
  }
  if (way === 'instead') return `that at slot ${to} has replaced that at slot ${from}, ${agoText(since, now)}`
  const ends = until <= now ? 'is deleted next by the guard' : `goes on until ${timeText(until, style)}`
  return `that at slot ${to} has replaced that at slot ${from}, which ${ends}`
}

function slotText(slot: string, { status, failCount, checkedAt, mended }: SlotState, { paint, style }: Pen): string {
  const colour = status === 'active' ? 'green' : status === 'suspended' ? 'red' : 'yellow'
  const lost = failCount > 0 ? `, ${paint('yellow', counted(failCount, 'event'))} given up` : ''
  const seen = `${paint(colour, plain(status))} at slot ${slot}${lost}, looked at ${agoText(checkedAt, style.now)}`
  return mended === null ? seen : `${seen}; ${mendedText(mended, style.now)}`
}

function mendedText({ at, what }: NonNullable<SlotState['mended']>, now: number): string {
  const cause = gapCauseSchema.safeParse(what).data
  if (cause === undefined) return `${plain(what)} ${agoText(at, now)}`
  return `mended ${agoText(at, now)}: ${CAUSES[cause]}`
}

const VERDICTS: Readonly<Record<Report['verdict'], readonly ['green' | 'yellow' | 'red', string]>> = {
  well: ['green', 'all well'],
  mending: ['yellow', 'mending'],
  unhealthy: ['red', 'could not mend it'],
  unknown: ['yellow', 'learnt nothing'],
}

/** What the guard said last. */
export function guardTexts(webhooks: WebhooksState | null, { paint, style }: Pen): string[] {
  const report = webhooks?.report ?? null
  if (report === null) return ['has not looked yet; it comes every 5 minutes']
  const [colour, verdict] = VERDICTS[report.verdict]
  const head = `${paint(colour, verdict)} ${agoText(report.at, style.now)}`
  return [head, ...report.findings.map(plain)]
}
