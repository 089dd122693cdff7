import type { OccasionRecord } from '../../core/standup/deliver/record.ts'
import { isOver } from '../../core/standup/deliver/record.ts'
import { loadOccasion } from '../../core/standup/deliver/store.ts'
import type { AskModel } from '../../core/standup/model/model.ts'
import type { StandupSettings, SummarySettings } from '../../core/standup/settings.ts'
import { questionOf, type Told, tellSummary } from '../../core/standup/tell.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { painter } from '../output/text.ts'
import { timeText } from '../output/time.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { whileWatching } from '../sync/follow.ts'
import type { Target } from '../target.ts'
import { outcomeText, outputsText, recordText, wouldGoText } from './delivery-texts.ts'
import { hereJson, hereText } from './here-texts.ts'
import { type Due, dueAsked } from './occasion.ts'
import { deliveryServices } from './services.ts'
import { summaryNamed } from './settings.ts'
import type { StandupOptions } from './standup-options.ts'
import { tellHere } from './versions.ts'

type Telling = { settings: StandupSettings; folder: string; ask: AskModel }

/** The named summary of a day: shown with `--dry-run`, else delivered once. @throws Failure when it was not delivered */
export async function deliverSummary(
  io: Io,
  target: Target,
  name: string,
  options: StandupOptions,
  telling: Telling,
): Promise<void> {
  const summary = summaryNamed(telling.settings, name)
  const due = dueAsked(summary, options.day, io.now())
  const record = await loadOccasion(stateOf(target), questionOf(summary, due.at).occasion)
  if (options.dryRun) return show(io, target, { summary, due, record }, options, telling)
  const style = { now: io.now(), utc: options.utc }
  if (due.at > io.now())
    throw new Failure(
      `${name} of ${due.day} is due at ${timeText(due.at, style)}: --dry-run shows what it would be now.`,
    )
  await refuseWhilePaused(io, target)
  if (record !== null && isOver(record)) return tell(io, target, { summary, due }, { kind: 'already', record }, options)
  const question = `Tell ${name} of ${due.day} (${target.label}): ${outputsText(summary.to)}?`
  if (!(await confirm(io, options, question))) return io.note('Nothing was told.')
  const services = await deliveryServices(io, target, telling)
  const told = await whileWatching(
    io,
    `What was begun is kept: run it again after five minutes, and it goes on.`,
    () => {
      io.progress?.(`Telling ${name} of ${due.day} ...`)
      return tellSummary(name, due.at, services).finally(() => io.progress?.(null))
    },
  )
  tell(io, target, { summary, due }, told, options)
}

const stateOf = ({ dynamo, tables }: Target) => ({ dynamo, table: tables.state })

/** As it would be told now. What lies ahead of us has not happened. */
async function show(
  io: Io,
  target: Target,
  { summary, due, record }: { summary: SummarySettings; due: Due; record: OccasionRecord | null },
  options: StandupOptions,
  telling: Telling,
): Promise<void> {
  const { scope, span, audience } = questionOf(summary, due.at)
  const until = Math.min(span.until, io.now())
  if (span.from >= until)
    throw new Failure(`${summary.name} of ${due.day} is about a time that has not begun: name an earlier --day.`)
  const prompts = options.prompt.length > 0 ? options.prompt : [summary.prompt]
  const told = await tellHere(io, target, { scope, span: { ...span, until }, audience, prompts }, telling)
  if (options.json) {
    const common = { target: target.label, name: summary.name, day: due.day, dueAt: due.at, to: summary.to }
    writeJson(io, { ...common, told: record !== null && isOver(record), ...hereJson(told) })
  } else {
    io.write(hereText(told, painter(io.colours)))
    io.write(`\n${wouldGoText(summary, due)}\n`)
    if (record !== null) io.write(`${recordText(summary, due, record, { now: io.now(), utc: options.utc })}\n`)
  }
}

/** @throws Failure for what is not done, with what to do next */
function tell(
  io: Io,
  target: Target,
  { summary, due }: { summary: SummarySettings; due: Due },
  told: Told,
  { json, utc }: StandupOptions,
): void {
  const style = { now: io.now(), utc }
  const { text, failure } = outcomeText(summary, due, told, style)
  if (json) {
    const record = told.kind === 'already' ? told.record : null
    const outputs = told.kind === 'told' ? told.outputs : (record?.outputs ?? null)
    const common = { target: target.label, name: summary.name, day: due.day, outcome: told.kind }
    writeJson(io, { ...common, outputs, summary: told.kind === 'told' ? told.summary : null })
  } else if (text !== null) io.write(`${text}\n`)
  if (failure !== null) throw new Failure(failure)
}
