import type { ConnectionStatus, Thing } from '../../../core/status/connection.ts'
import { WAITING_MS } from '../../../core/status/verdict.ts'
import type { Gap } from '../../../core/sync/gaps.ts'
import { CAUSES } from '../causes.ts'
import { counted } from '../notes.ts'
import { plain } from '../text.ts'
import { agoText, timeText } from '../time.ts'
import { breakerText, budgetText, tokenText } from './budget-texts.ts'
import type { Pen } from './level.ts'
import { placesTexts } from './places-texts.ts'
import { signingTexts, tokenTexts } from './rotation-texts.ts'
import { backfillText, censusTexts, sweepTexts, watermarkText } from './runs.ts'
import { unreadableText } from './verdict-text.ts'
import { guardTexts, webhookTexts } from './webhook-texts.ts'

/** A name and what is said of it; the name is empty where it goes on. */
export type Row = readonly [string, string]

/** All that is told of one connection. */
export function connectionRows(status: ConnectionStatus, pen: Pen): Row[] {
  const { name, record, unreadable, upstream, rotations } = status
  const { paint } = pen
  const rows = (label: string, texts: readonly string[]): Row[] => texts.map((text, i) => [i === 0 ? label : '', text])
  const told = (label: string, thing: Thing, texts: () => readonly string[]): Row[] =>
    rows(label, unreadable.includes(thing) ? [paint('yellow', unreadableText(thing))] : texts())
  const budget: Row[] = told('budget', 'upstream', () => (upstream === null ? [] : [budgetText(upstream, pen.style)]))
  const rest: Row[] = [
    ...rows('ClickUp', upstream === null ? [] : [breakerText(upstream, pen)]),
    ...rows('token', [...(upstream === null ? [] : [tokenText(upstream, pen)]), ...tokenTexts(rotations, pen)]),
  ]
  const head = told(`connection ${name}`, 'connection', () => [whoText(status, pen)])
  // Nothing goes on, so there is nothing to tell.
  if (record === null) return [...head, ...budget, ...rest]
  const listName = (id: string) =>
    status.hierarchy?.spaces.flatMap(({ lists }) => lists).find((list) => list.id === id)?.name ?? `list ${id}`
  return [
    ...head,
    ...told('places', 'hierarchy', () => placesTexts(status, pen)),
    ['changes come', modeText(record.mode)],
    ...(record.mode === 'poll'
      ? []
      : [
          ...told('webhook', 'webhooks', () => webhookTexts(status.webhooks, pen)),
          ...(unreadable.includes('webhooks') ? [] : told('guard', 'webhooks', () => guardTexts(status.webhooks, pen))),
          ...rows('signing secret', signingTexts(rotations, pen)),
          ...told('delivered', 'intake', () => [heardText(status, pen)]),
        ]),
    ...told('watermark', 'sweep', () => [watermarkText(status, pen)]),
    ...(unreadable.includes('sweep') ? [] : told('sweep', 'sweep', () => sweepTexts(status.sweep, pen))),
    ...told('census', 'census', () => censusTexts(status.census, listName, pen)),
    ...told('backfill', 'backfill', () => [backfillText(status.backfill, pen)]),
    ...told('gaps', 'gaps', () => [gapsText(status.gaps, pen)]),
    ...budget,
    ...rest,
  ]
}

function whoText({ record, webhooks }: ConnectionStatus, { paint, style }: Pen): string {
  if (record === null) {
    const off = webhooks?.offSince ?? null
    return paint(
      'yellow',
      off === null
        ? 'not connected yet: npx hookline connect'
        : `disconnected ${agoText(off, style.now)}: npx hookline connect takes it up again`,
    )
  }
  const { workspaceId, workspaceName, userId, userName, connectedAt } = record
  const named = (name: string | undefined, id: string) => (name === undefined ? id : `${name} (${id})`)
  const since = connectedAt === undefined ? '' : `, since ${timeText(connectedAt, { ...style, now: 0 }).slice(0, 10)}`
  return plain(`workspace ${named(workspaceName, workspaceId)} as user ${named(userName, userId)}${since}`)
}

const modeText = (mode: 'webhook' | 'poll' | undefined) =>
  mode === 'poll'
    ? 'by polling only: up to 15 minutes late, and what happened in between as its sum'
    : 'by webhook, within seconds; what ClickUp loses, with a sweep'

function heardText({ heardAt, waitingSince }: ConnectionStatus, { paint, style }: Pen): string {
  const heard = heardAt === null ? 'nothing yet' : `last ${agoText(heardAt, style.now)} (${timeText(heardAt, style)})`
  if (waitingSince === null) return heard
  // Known roughly only.
  if (style.now - waitingSince <= WAITING_MS) return `${heard}; some are put off`
  return `${heard}; ${paint('yellow', `some wait since ${agoText(waitingSince, style.now)} at the most`)}`
}

function gapsText(gaps: readonly Gap[], { paint, style }: Pen): string {
  const open = gaps.find(({ to }) => to === null)
  if (open !== undefined)
    return `${paint('yellow', `open since ${agoText(open.from, style.now)}`)}: ${CAUSES[open.cause]}; npx hookline gaps`
  const last = gaps.at(-1)
  if (last === undefined) return 'none'
  const unswept = gaps.filter(({ sweptAt }) => sweptAt === null).length
  const swept = unswept === 0 ? 'all accounted for' : `${unswept} not yet accounted for`
  return `${counted(gaps.length, 'gap')}, none open, ${swept}, the last ${agoText(last.to ?? last.from, style.now)}`
}
