import { loadWebhooks } from '../../core/guard/state.ts'
import type { Slot } from '../../core/platform/connections.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import { durationText, type TimeStyle, timeText } from '../output/time.ts'
import type { Target } from '../target.ts'

/** How a webhook was replaced; times are ms since 1970. */
export type Replaced =
  /** Both stand until `until`; then the guard deletes the old one. */
  | { way: 'beside'; from: Slot; to: Slot; until: number }
  /** ClickUp refused a second one, so that there was none from `from` to `to`; null for what is not written down yet. */
  | { way: 'instead'; slots: { from: Slot; to: Slot }; gap: { from: number; to: number | null } | null }

/** What a rotation has done with the webhooks; null where it replaced none, or has not ended that. */
export async function replacedBy(
  run: string,
  { dynamo, tables }: Pick<Target, 'dynamo' | 'tables'>,
  connection: string,
): Promise<Replaced | null> {
  const state = { dynamo, table: tables.state }
  const rotation = (await loadWebhooks(state, connection))?.rotation ?? null
  if (rotation?.run !== run || rotation.phase !== 'over') return null
  const { way, from, to, until, since } = rotation
  if (way === 'beside') return { way, from, to, until }
  const gaps = await createGapStore(state).list(connection)
  const gap = gaps.findLast(({ cause, from: begun }) => cause === 'rotation' && begun >= since)
  return { way, slots: { from, to }, gap: gap === undefined ? null : { from: gap.from, to: gap.to } }
}

/** What becomes of the old webhook, in lines. */
export function replacedLines(replaced: Replaced | null, style: TimeStyle): string[] {
  if (replaced === null) return []
  if (replaced.way === 'beside') {
    const { from, to, until } = replaced
    return [
      `ClickUp delivers to the new webhook at slot ${to}.`,
      `The old one at slot ${from} goes on until ${timeText(until, style)} (${durationText(until - style.now)}), for what ClickUp has on its way; then the guard deletes it.`,
    ]
  }
  const { slots, gap } = replaced
  const when =
    gap === null
      ? ''
      : gap.to === null
        ? ` since ${timeText(gap.from, style)}`
        : ` from ${timeText(gap.from, style)} to ${timeText(gap.to, style)} (${durationText(gap.to - gap.from)})`
  return [
    `ClickUp delivers to the new webhook at slot ${slots.to}.`,
    `It refuses a second webhook beside another (OAUTH_171), so the old one at slot ${slots.from} was deleted first: nothing was delivered${when}.`,
    'A sweep was asked for, which finds what happened meanwhile: npx hookline gaps',
  ]
}
