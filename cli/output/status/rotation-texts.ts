import type { Rotated, RotationReport } from '../../../core/rotation/report.ts'
import type { Rotations } from '../../../core/status/rotations.ts'
import { STUCK_MS } from '../../../core/status/verdict.ts'
import { plain } from '../text.ts'
import { agoText, durationText, timeText } from '../time.ts'
import type { Pen } from './level.ts'

/** How old the signing secret is and how its rotation goes; nothing where nothing is known of it. */
export function signingTexts({ signing, signingChangedAt }: Rotations, pen: Pen): string[] {
  const age = signingChangedAt === null ? [] : [`changed ${sinceText(signingChangedAt, pen)}`]
  return [...age, ...reportTexts('signing', signing, pen)]
}

/** The same of the token. */
export function tokenTexts({ token, tokenSince }: Rotations, pen: Pen): string[] {
  const age = tokenSince === null ? [] : [`brought ${sinceText(tokenSince, pen)}`]
  return [...age, ...reportTexts('token', token, pen)]
}

const sinceText = (at: number, { style }: Pen) =>
  `${agoText(at, style.now)} (${timeText(at, { ...style, now: 0 }).slice(0, 10)})`

function reportTexts(rotated: Rotated, report: RotationReport | null, { paint, style }: Pen): string[] {
  if (report === null) return []
  const { phase, at, startedAt, waitsUntil, doneAt } = report
  const [what, again] =
    rotated === 'signing' ? ['rotation', 'rotate signing'] : ['rotation or test', 'rotate token --test']
  const detail = plain(report.detail)
  const ago = (time: number) => agoText(time, style.now)
  switch (phase) {
    case 'done':
      // What it said of the webhooks is over by and by; their own row tells how they are.
      return [rotated === 'signing' ? `last ${what} ended well ${ago(at)}` : `${ago(at)}: ${firstOf(detail)}`]
    case 'failed': {
      const before = doneAt === null ? '' : ` (the one before it went well, ${ago(doneAt)})`
      return [`${paint('yellow', `last ${what} failed ${ago(at)}`)}: ${detail}${before}`]
    }
    case 'running': {
      const still = style.now - at
      if (still > STUCK_MS)
        return [
          paint('yellow', `a ${what} has not moved for ${durationText(still)}: npx hookline ${again} begins anew`),
        ]
      const left = waitsUntil !== null && waitsUntil > style.now ? `, ${durationText(waitsUntil - style.now)} left` : ''
      return [`a ${what} goes on for ${durationText(style.now - startedAt)}: ${firstOf(detail)}${left}`]
    }
  }
}

/** The first sentence, without its full stop. */
const firstOf = (sentences: string) => sentences.replace(/\.( .*)?$/, '')
