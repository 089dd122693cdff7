import type { RecipeSettings, StandupSettings, SummarySettings } from '../../core/standup/settings.ts'
import type { Config } from '../config.ts'
import { NO_STANDUP, type Standup } from '../standup-config.ts'
import { modelSettingsOf } from './model.ts'
import { WORKING_DAYS } from './parts.ts'

/**
 * What the function and the command go by, every default filled in. Of a config without `standup` all but summaries, recipes and
 * a model.
 */
export function standupSettingsOf({
  connections,
  reports,
  standup = NO_STANDUP,
}: Pick<Config, 'connections' | 'reports' | 'standup'>): StandupSettings {
  const { model, caps, blockers, maxInputTokens } = standup
  const [first] = connections
  if (first === undefined) throw new Error('A config without connections was let through')
  const common = { first: first.name, timeZone: reports.timeZone }
  return {
    model: model === undefined ? null : modelSettingsOf(model),
    ...{ caps, blockers, maxInputTokens, reports },
    summaries: standup.summaries.map((summary) => summaryOf(summary, { ...common, prompt: standup.prompt })),
    recipes: standup.recipes.map((recipe) => recipeOf(recipe, common)),
  }
}

type Common = { first: string; timeZone: string }

const summaryOf = (
  { connection, lists = [], spaces = [], timeZone, prompt, to, ...said }: Standup['summaries'][number],
  common: Common & { prompt: string },
): SummarySettings => ({
  ...said,
  ...{ lists, spaces },
  connection: connection ?? common.first,
  timeZone: timeZone ?? common.timeZone,
  prompt: prompt ?? common.prompt,
  to: {
    event: to.event,
    ...(to.comment !== undefined && { comment: to.comment }),
    ...(to.field !== undefined && { field: to.field }),
  },
})

function recipeOf(recipe: Standup['recipes'][number], common: Common): RecipeSettings {
  const { name, connection, on, lists = [], spaces = [], fill, prompt } = recipe
  const { status, at = '', days = [...WORKING_DAYS], timeZone = common.timeZone } = on
  return {
    ...{ name, lists, spaces },
    connection: connection ?? common.first,
    on: status === undefined ? { kind: 'schedule', at, days, timeZone } : { kind: 'status', status },
    act: fill === undefined ? { kind: 'comment' } : { kind: 'field', field: fill.field },
    prompt: prompt ?? (fill === undefined ? 'task/v1' : 'field/v1'),
  }
}
