import type { Snapshot } from '../tasks/snapshot.ts'
import { createTaskStore } from '../tasks/store.ts'
import { deliver } from './deliver/deliver.ts'
import type { Delivery } from './deliver/delivery.ts'
import { type Occasion, summaryIdOf } from './deliver/occasion.ts'
import { isOver, type OccasionRecord, OUTPUTS } from './deliver/record.ts'
import type { Session } from './deliver/session.ts'
import { openOccasion } from './deliver/store.ts'
import { summaryEvent } from './deliver/summary-event.ts'
import { LATE_MS } from './due.ts'
import { gatherMaterial } from './facts/gather.ts'
import type { Scope, Span } from './material.ts'
import { loadNames, type Names } from './say/names.ts'
import { sayMaterial } from './say/say.ts'
import { summaryText } from './say/text.ts'
import type { StandupServices } from './services.ts'
import type { Outputs, SummarySettings } from './settings.ts'
import { dayOf, spanOf } from './span.ts'
import type { Summary } from './statement.ts'

/** What a summary that is due at a time is about, and by which prompt it is told to whom. */
export type SummaryQuestion = { occasion: Occasion; scope: Scope; span: Span; prompt: string; audience: string }

export type Told =
  /** Each output is done, or says why it never will be. */
  | { kind: 'told'; summaryId: string; outputs: OccasionRecord['outputs']; summary: Summary }
  /** Something is not known to be done, or somebody else is at it. */
  | { kind: 'again'; inSeconds: number; reason: string }
  /** `record` is null where another release has written it. */
  | { kind: 'already'; record: OccasionRecord | null }
  /** It was due so long ago that nobody wants to read it any more. */
  | { kind: 'late' }
  /** The config has no such summary any more. */
  | { kind: 'unknownName' }

/**
 * The way of a summary, told once for each time it is due:
 *
 *     open ─▶ gather ─▶ say ─▶ keep ─▶ deliver
 *
 * What was said is kept before anything is sent, so a crash asks no model twice, and nothing is sent that could come out
 * otherwise. Each output is done once, or again and again until it is known to be done.
 *
 * @param at when it was due (ms since 1970)
 */
export async function tellSummary(name: string, at: number, services: StandupServices): Promise<Told> {
  const { settings, clock, log, dynamo, tables, owner } = services
  const summary = settings.summaries.find((each) => each.name === name)
  if (summary === undefined) return { kind: 'unknownName' }
  if (clock.now() - at > LATE_MS) return { kind: 'late' }
  const question = questionOf(summary, at)
  const place = { dynamo, table: tables.state, clock, owner }
  const opened = await openOccasion(place, question.occasion, wanted(summary.to))
  if (opened.kind === 'over') return { kind: 'already', record: opened.record }
  if (opened.kind === 'busy') {
    const inSeconds = Math.max(1, Math.ceil((opened.until - clock.now()) / 1000))
    return { kind: 'again', inSeconds, reason: 'Another worker is at it.' }
  }
  const { session } = opened
  try {
    return await tell(session, question, summary, services)
  } finally {
    // Nobody waits for the end of a lease that nobody needs; one that cannot be given back ends by itself.
    if (!isOver(session.record))
      await session.release().catch((error: unknown) => log.warn('A summary could not be given back', { name, error }))
  }
}

/** What is asked for a summary at a time. */
export function questionOf(settings: SummarySettings, at: number): SummaryQuestion {
  const { connection, name, lists, spaces, timeZone, audience } = settings
  const prompt = `standup/${settings.prompt}`
  return {
    occasion: { kind: 'summary', connection, name, prompt, on: dayOf(at, timeZone) },
    scope: { connection, lists, spaces },
    span: spanOf(settings, at),
    prompt,
    audience,
  }
}

const wanted = (to: Outputs) => OUTPUTS.filter((output) => (output === 'event' ? to.event : to[output] !== undefined))

async function tell(
  session: Session,
  question: SummaryQuestion,
  { name, to }: SummarySettings,
  services: StandupServices,
): Promise<Told> {
  const { summary, names } = await made(session, question, services)
  const delivered = await deliver(session, await deliveryOf(question, { to, summary, names }, services), services)
  const { outputs } = session.record
  const summaryId = summaryIdOf(question.occasion)
  if (delivered.kind === 'again') {
    services.log.warn('A summary was made and is not delivered yet', { name, summaryId, outputs, ...delivered })
    return delivered
  }
  return { kind: 'told', summaryId, outputs, summary }
}

/** What was kept, or what is made and kept now. */
async function made(
  session: Session,
  { scope, span, prompt, audience }: SummaryQuestion,
  services: StandupServices,
): Promise<{ summary: Summary; names: Names }> {
  const { dynamo, tables, settings, clock, ask } = services
  const kept = session.record.made
  if (kept?.kind === 'summary') {
    const names = await loadNames({ dynamo, tables, settings }, scope.connection, kept.summary.statements)
    return { summary: kept.summary, names }
  }
  const now = clock.now()
  const material = await gatherMaterial({ dynamo, tables, settings }, { scope, span, now })
  const said = await sayMaterial(material, { ask, prompt: await services.prompt(prompt), audience, now })
  // What is told is what was kept, also where that is less: whoever comes after a crash has nothing else.
  const { summary } = await session.keep({ kind: 'summary', summary: said.summary })
  return { summary, names: said.names }
}

async function deliveryOf(
  { occasion }: SummaryQuestion,
  { to, summary, names }: { to: Outputs; summary: Summary; names: Names },
  services: StandupServices,
): Promise<Delivery> {
  const text = summaryText(summary, names, 'plain')
  return {
    comment: to.comment && { taskId: to.comment.task, text },
    field: to.field && { ...(await fieldOf(to.field, occasion, services)), value: text },
    event: to.event ? summaryEvent(occasion, summary, names) : undefined,
  }
}

/** A field of a task, with what our snapshot knows of it: then the task need not be read. */
async function fieldOf(
  { task: taskId, name }: NonNullable<Outputs['field']>,
  { connection }: Occasion,
  { dynamo, tables }: StandupServices,
) {
  const stored = await createTaskStore({ dynamo, table: tables.tasks }).load(connection, [taskId])
  const snapshot: Snapshot | null = stored.get(taskId)?.snapshot ?? null
  if (snapshot === null) return { taskId, name }
  const field = snapshot.customFields.find((each) => each.id === name || each.name === name)
  return { taskId, name, listId: snapshot.list?.id ?? null, current: field?.value ?? null }
}
