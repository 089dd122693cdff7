import { type Findings, noFindings, shown, together } from '../check/findings.ts'
import { RECIPE } from './config.ts'
import { costOf } from './cost.ts'
import type { DayTruth } from './day.ts'
import { type Allowed, judgeAsked } from './judge-asked.ts'
import { judgeEvent } from './judge-event.ts'
import { judgeFrame } from './judge-frame.ts'
import { judgePrecision, judgeRecall, linesOf } from './judge-text.ts'
import type { Planted } from './plant.ts'
import type { Played } from './play-rounds.ts'
import { readLine } from './read-line.ts'
import type { Stage } from './stage.ts'
import { commentsOf, eventOf } from './tell.ts'
import { WORKING_DAY_MS } from './working-time.ts'

export type Judged = Findings & {
  rounds: number
  comments: number
  /** Statements in all of them, and those of the model that were removed or were missing and added. */
  statements: number
  removed: number
  added: number
  questions: number
  tokens: { input: number; output: number }
  costUsd: number
  /** What the function asked of ClickUp. */
  calls: number
}

/** Judges all that a run has written and asked. */
export function judgeRun(
  stage: Stage,
  played: readonly Played[],
  day: { planted: readonly Planted[]; truth: DayTruth },
): Judged {
  const { recorder, model } = stage
  const changeIds = stage.changeIds()
  const truth = { ...day.truth, toldUntil: Date.now() }
  const events = played.flatMap(({ name }) => eventOf(stage, name))
  const asked = recorder.asked()
  const rounds = played.map((round) => judgeRound(stage, round, { ...day, truth, changeIds }))
  const { input, output, usd } = costOf(model.requests())
  const count = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0)
  return {
    ...together([...rounds, judgeAsked(asked, allowedOf(stage, played)), judgeRecipe(stage, truth)]),
    ...{ rounds: played.length, calls: asked.length, questions: model.requests().length },
    ...{ tokens: { input, output }, costUsd: usd },
    comments: count(played.map(({ name }) => commentsOf(stage, name).length)),
    statements: count(events.map(({ statements }) => statements.length)),
    removed: count(events.flatMap(({ removed }) => Object.values(removed))),
    added: count(events.map(({ added }) => added)),
  }
}

function judgeRound(
  stage: Stage,
  { name, model, why, lies, forgets, capped, asked }: Played,
  { planted, truth, changeIds }: { planted: readonly Planted[]; truth: DayTruth; changeIds: ReadonlySet<string> },
): Findings {
  const own = noFindings()
  const [comments, events] = [commentsOf(stage, name), eventOf(stage, name)]
  const ids = new Set(events.map(({ summaryId }) => summaryId))
  own.compared += 2
  if (comments.length === 0) own.missing.push('no comment')
  if (comments.length > 1) own.extra.push(`${comments.length} comments`)
  if (ids.size !== 1) own.extra.push(`${ids.size} events of different ids`)
  const [event] = events
  if (event !== undefined) {
    const said = event.by.why ?? 'a model'
    if (said !== (why ?? 'a model') && !(lies && said === 'nothingLeft')) own.extra.push(`said by ${said}, not ${why}`)
    const removed = Object.values(event.removed).reduce((sum, count) => sum + count, 0)
    if (lies && removed === 0) own.missing.push('what the model made up was not removed, or it made up nothing')
    if (forgets && event.added === 0) own.missing.push('what the model left out was not added, or it left out nothing')
  }
  if ((capped || model === null) && asked > 0) own.extra.push(`${asked} questions where none is allowed`)
  const lines = linesOf(comments[0] ?? '')
  const whole = event?.by.kind === 'template'
  const findings = together([
    own,
    judgePrecision(lines, truth),
    judgeRecall(lines, truth, { planted, whole }),
    ...events.map((each) => judgeEvent(each, truth, changeIds)),
    ...events.slice(0, 1).map((each) => judgeFrame(comments[0] ?? '', truth, each)),
  ])
  const told = (line: string) => `${name}: ${line}`
  return { ...findings, missing: findings.missing.map(told), extra: findings.extra.map(told) }
}

/** Each write once; what is lost is looked for, and what did not arrive is written again. Nothing else. */
function allowedOf({ clickup, prepared }: Stage, played: readonly Played[]): Allowed {
  const { notesId, list, ids } = prepared
  const lost = (what: 'request' | 'answer') => played.filter(({ loses }) => loses === what).length
  const writes = played.length + lost('request')
  const comments = new RegExp(`^/v2/task/${notesId}/comment$`)
  const entered = clickup.log
    .changes()
    .filter(({ field, after }) => field === 'status' && statusIn(after) === RECIPE.status)
    .map(({ resource }) => resource.id)
  const field = (id: string) => new RegExp(`^/v2/task/${id}/field/[^/]+$`)
  return [
    { method: 'POST', path: comments, least: writes, most: writes, what: 'the comments' },
    {
      ...{ method: 'GET', path: comments, what: 'the comments that nobody knew of' },
      ...{ least: lost('request') + lost('answer'), most: lost('request') + lost('answer') },
    },
    { method: 'POST', path: field(ids.reviewed), least: 1, most: 1, what: 'the field of the task in review' },
    ...[...new Set(entered)]
      .filter((id) => id !== ids.reviewed)
      .map((id) => {
        const most = entered.filter((each) => each === id).length
        return { method: 'POST', path: field(id), least: 0, most, what: 'the field of another task in review' }
      }),
    // Its id stands nowhere else. Two at once may both find it missing.
    {
      method: 'GET',
      path: new RegExp(`^/v2/list/${list.id}/field$`),
      least: 1,
      most: 2,
      what: 'the fields of the list',
    },
  ]
}

const statusIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'status' in value ? value.status : null

/** Whether the recipe has filled the field of the task that came into its status, with what is about it and nobody else. */
function judgeRecipe({ clickup, prepared }: Stage, day: DayTruth): Findings {
  const findings = noFindings()
  findings.compared += 2
  const { reviewed } = prepared.ids
  const values = [...(clickup.world.task(reviewed)?.fields ?? [])]
  const isIt = ([id]: (typeof values)[number]) => clickup.world.store.fields.get(id)?.name === RECIPE.field
  const value = values.find(isIt)?.[1]
  const text = value?.kind === 'text' ? value.text : ''
  const { tasks, strangers } = readLine(text, day, WORKING_DAY_MS)
  const isAboutIt = tasks.length === 1 && tasks.every((its) => its.some(({ id }) => id === reviewed))
  if (!isAboutIt) findings.missing.push(`${RECIPE.field} does not tell of its task: ${shown(text)}`)
  for (const word of strangers) findings.extra.push(`${RECIPE.field}: nobody and nothing is called ${word}`)
  return findings
}
