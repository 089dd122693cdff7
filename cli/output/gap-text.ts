import { type Loss, lossesOf } from '../../core/status/losses.ts'
import type { Gap } from '../../core/sync/gaps.ts'
import { CAUSES } from './causes.ts'
import { counted } from './notes.ts'
import { repairsText } from './repairs.ts'
import { type Fit, pairsText } from './table.ts'
import { plain } from './text.ts'
import { agoText, durationText, type TimeStyle, timeText } from './time.ts'

/** One window in which deliveries may have been missed, for a person. */
export function gapText(connection: string, gap: Gap, { style, ...fit }: Fit & { style: TimeStyle }): string {
  const { cause, from, to, detail, repaired, givenUp, sweptAt } = gap
  const { paint } = fit
  const head =
    to === null
      ? `${timeText(from, style)}, ${paint('yellow', `still open after ${durationText(style.now - from)}`)}`
      : `${timeText(from, style)} to ${timeText(to, style)} (${durationText(to - from)})`
  const pairs: [string, string][] = [
    ['why', CAUSES[cause]],
    ['what', plain(detail)],
    ...(givenUp === null ? [] : [['given up', `${counted(givenUp, 'event')}, as ClickUp counts`] as [string, string]]),
    ['repaired', repairsText(repaired) ?? (sweptAt === null ? 'nothing so far' : 'nothing: nothing was missing')],
    ['lost for good', lossesOf(gap).map(lossText).join('; ')],
    [
      'accounted for',
      sweptAt === null
        ? paint(
            'yellow',
            to === null ? 'not while it is open' : 'not yet: the next sweep that comes to its end does it',
          )
        : paint('green', `all of it, ${agoText(sweptAt, style.now)}`),
    ],
  ]
  return `${paint('bold', plain(connection))}  ${head}\n${pairsText(pairs, fit)}`
}

function lossText(loss: Loss): string {
  switch (loss.kind) {
    case 'actors':
      return `who made the ${counted(loss.changes, 'repaired change')} and when exactly, unless a late delivery says it`
    case 'unlisted':
      return `${loss.fields.join(', ').replace(/, (?=[^,]+$)/, ' and ')}, of which no listing tells`
    case 'between':
      return 'what a field was in between'
  }
}
