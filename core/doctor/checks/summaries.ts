import { isOver } from '../../standup/deliver/record.ts'
import { lastDue } from '../../standup/due.ts'
import type { Spent } from '../../standup/model/spend.ts'
import { wordsOf } from '../../standup/say/prompts.ts'
import type { StandupSettings, SummarySettings } from '../../standup/settings.ts'
import { questionOf } from '../../standup/tell.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { DoctorServices, SummaryLooks } from '../services.ts'

const MINUTE = 60_000
/** From when on a summary that was due ought to be told: the function has had its tries by then. */
const GRACE_MS = 30 * MINUTE
/** As the alarm has it. */
const FAILURES_IN_A_ROW = 3
/** What is left of a cap when it is nearly spent. */
const NEARLY = 0.9

/** Whether what summaries and recipes rest on is there, and whether each was told when it was due. */
export async function summaries({ summaries: looks, status, clock }: DoctorServices): Promise<Said> {
  if (looks === null) return skip('None are configured.')
  const { settings } = looks
  const isPaused = (status.pause?.since ?? null) !== null
  if (!looks.isDeployed) return fail('They are configured and not deployed.', 'Deploy this version: npm run deploy.')
  const spent = await looks.spent()
  const found = [
    ...(await prompts(looks)),
    ...(await key(looks)),
    ...model(settings, spent),
    ...(isPaused ? [] : await lastOnes(looks, clock.now())),
  ]
  return (
    found.find(({ level }) => level === 'fail') ??
    found.find(({ level }) => level === 'warn') ??
    pass(wellText(settings, spent, isPaused))
  )
}

async function prompts({ settings, prompt }: SummaryLooks): Promise<Said[]> {
  const names = [
    ...settings.summaries.map((summary) => `standup/${summary.prompt}`),
    ...settings.recipes.map((recipe) => recipe.prompt),
  ]
  const wrong = await Promise.all(
    [...new Set(names)].map(async (name) => {
      try {
        const found = await prompt(name)
        // Those that fill a field by a choice say no sentences.
        if (!name.startsWith('field/')) wordsOf(found)
        return []
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)]
      }
    }),
  )
  return wrong.flat().map((reason) => fail(reason, 'Mend it and deploy: prompts travel with the function.'))
}

async function key({ settings, key: read }: SummaryLooks): Promise<Said[]> {
  const { model: asked } = settings
  if (asked === null || asked.provider === 'bedrock') return []
  const found = await read().catch(() => undefined)
  const advice = 'Store it: npx hookline rotate model-key.'
  if (found === undefined)
    return [fail('The secret with the key of the model cannot be read.', 'See whether your credentials may read it.')]
  return found === null && asked.provider === 'anthropic' ? [fail('There is no key for the model.', advice)] : []
}

function model(
  { model: asked, caps }: StandupSettings,
  { todayUsd, monthUsd, failuresInARow, lastFailure }: Spent,
): Said[] {
  if (asked === null) return []
  const found: Said[] = []
  if (failuresInARow >= FAILURES_IN_A_ROW)
    found.push(
      warn(
        `${asked.id} has failed to answer ${failuresInARow} times in a row${lastFailure === null ? '' : ` (${lastFailure.why})`}: all is told by template.`,
        'See docs/runbook.md#summariesfailing.',
      ),
    )
  if (todayUsd >= NEARLY * caps.dayUsd || monthUsd >= NEARLY * caps.monthUsd)
    found.push(
      warn(
        `The cap is nearly spent: ${spentText(caps, { todayUsd, monthUsd })}.`,
        'Beyond it all is told by template: raise standup.caps in the config, or ask a cheaper model.',
      ),
    )
  return found
}

async function lastOnes(looks: SummaryLooks, now: number): Promise<Said[]> {
  return (await Promise.all(looks.settings.summaries.map((summary) => lastOne(summary, looks, now)))).flat()
}

/** The telling that was due last. Of a summary that is new there is none yet. */
async function lastOne(summary: SummarySettings, looks: SummaryLooks, now: number): Promise<Said[]> {
  const { name } = summary
  const { record } = looks
  const at = lastDue(summary, now - GRACE_MS)
  const { occasion } = questionOf(summary, at)
  const last = await record(occasion)
  const advice = `See what the function standup logs; npx hookline standup ${name} tells it now.`
  if (last === null) {
    // To have it told now would tell the day twice: by another version it is another occasion.
    if (await isToldOtherwise(summary, at, looks)) return []
    const before = await record(questionOf(summary, lastDue(summary, at - 1)).occasion)
    return before === null
      ? [warn(`${name} of ${occasion.on} was not told: it is new, or its schedule does not come.`, advice)]
      : [fail(`${name} of ${occasion.on} was not told when it was due.`, advice)]
  }
  if (!isOver(last)) return [warn(`${name} of ${occasion.on} was begun and is not told yet.`, advice)]
  const failed = Object.entries(last.outputs).flatMap(([output, state]) =>
    state.stage === 'failed' ? [`${output}: ${state.reason}`] : [],
  )
  if (failed.length === 0) return []
  return [fail(`${name} of ${occasion.on} did not go everywhere (${failed.join('; ')}).`, 'Mend that, or the config.')]
}

/** Whether it was begun by another version of the prompt, before the config went over to this one. */
async function isToldOtherwise(summary: SummarySettings, at: number, { record, versions }: SummaryLooks) {
  const others = (await versions()).filter((version) => version !== summary.prompt)
  const records = await Promise.all(others.map((prompt) => record(questionOf({ ...summary, prompt }, at).occasion)))
  return records.some((each) => each !== null)
}

function wellText(settings: StandupSettings, spent: Spent, isPaused: boolean): string {
  const { summaries: all, recipes, model: asked, caps } = settings
  const told = [
    `${all.length} ${all.length === 1 ? 'summary' : 'summaries'}`,
    `${recipes.length} ${recipes.length === 1 ? 'recipe' : 'recipes'}`,
    ...(isPaused ? ['they wait for the end of the pause'] : []),
    asked === null ? 'told by template' : `${asked.id}, ${spentText(caps, spent)}`,
  ]
  return `${told.join(', ')}.`
}

const spentText = ({ dayUsd, monthUsd }: StandupSettings['caps'], spent: Pick<Spent, 'todayUsd' | 'monthUsd'>) =>
  `${round(spent.todayUsd)} of ${dayUsd} US$ today and ${round(spent.monthUsd)} of ${monthUsd} this month (UTC)`

const round = (usd: number) => Number(usd.toPrecision(2))
