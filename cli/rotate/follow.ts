import type { WebhookRotation } from '../../core/guard/state.ts'
import type { RotationReport } from '../../core/rotation/report.ts'
import { CURRENT, PENDING } from '../../core/secrets/versions.ts'
import { sleepOf } from '../io.ts'
import { plain } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import type { Rotating } from './rotating.ts'

const LOOK_EVERY_MS = 1_000
/** So long nothing may be heard beside announced waits: a function that has crashed is called again after two minutes. */
const PATIENCE_MS = 5 * 60_000
/** Labels are not everywhere at once. */
const LABELS_MS = 15_000

export type Followed =
  | { kind: 'done'; report: RotationReport }
  /** Its function says why. */
  | { kind: 'failed'; report: RotationReport }
  /** Its version is neither pending nor current, and nobody says why. */
  | { kind: 'givenUp' }
  /** It has not begun or not gone on for minutes; the last that was heard of it. */
  | { kind: 'silent'; report: RotationReport | null }

/**
 * Tells what a rotation does, as its function writes it down, until it is over: a line for each thing, and while it waits how
 * long yet. Whoever ends the command does not end it.
 */
export async function follow(rotating: Rotating, run: string): Promise<Followed> {
  const { io, versions } = rotating
  const told = teller(rotating, run)
  let heardAt = io.now()
  let labelledAt = io.now()
  let heard = ''
  try {
    for (;;) {
      // The labels first: whoever takes one off has written down why before that.
      const { labels } = await versions.describe()
      const found = await rotating.report()
      const report = found?.run === run ? found : null
      const held = labels.get(run) ?? []
      const now = io.now()
      if (report?.phase === 'failed') return { kind: 'failed', report }
      // Without either label it has been current, and another rotation has followed since.
      if (report?.phase === 'done' && (held.includes(CURRENT) || !held.includes(PENDING)))
        return { kind: 'done', report }
      if (held.includes(PENDING) || held.includes(CURRENT)) labelledAt = now
      if (now - labelledAt > LABELS_MS) return { kind: 'givenUp' }
      const word = `${report?.at} ${report?.detail}`
      if (word !== heard || now < (report?.waitsUntil ?? 0)) heardAt = now
      if (now - heardAt > PATIENCE_MS) return { kind: 'silent', report }
      told(report, await rotating.replacing(), now)
      heard = word
      await sleepOf(io)(LOOK_EVERY_MS)
    }
  } finally {
    io.progress?.(null)
  }
}

/** A line for each new thing, and where somebody looks one that counts down. */
function teller({ io, utc }: Rotating, run: string) {
  let known = ''
  let isAlone = false
  const line = (now: number, what: string) => {
    io.progress?.(null)
    io.note(`${timeText(now, { now, utc })}  ${what}`)
  }
  return (report: RotationReport | null, replacing: WebhookRotation | null, now: number) => {
    if (report === null) return io.progress?.('Waiting for the rotation to begin ...')
    if (!isAlone && replacing?.run === run && replacing.way === 'instead') {
      isAlone = true
      line(now, ALONE)
    }
    const { detail, waitsUntil } = report
    const left = waitsUntil === null ? 0 : Math.max(0, Math.ceil((waitsUntil - now) / 1_000))
    const what = plain(detail).replace(/\.$/, '')
    if (detail !== known) line(now, `${what}${left > 0 ? `, ${left}s` : ''}`)
    known = detail
    io.progress?.(left > 0 ? `${what}, ${left}s left ...` : `${what} ...`)
  }
}

const ALONE =
  'ClickUp refuses a second webhook beside another (OAUTH_171): the old one was deleted first, and a sweep finds what happens until the new one delivers'
