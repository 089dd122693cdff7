import { join } from 'node:path'
import * as z from 'zod'
import type { RecipeSettings, StandupSettings, SummarySettings } from '../core/standup/settings.ts'
import type { Config } from './config.ts'
import { modelConfig, modelSettingsOf } from './standup/model.ts'
import { usd, WORKING_DAYS, words } from './standup/parts.ts'
import { recipeConfig } from './standup/recipe.ts'
import { summaryConfig } from './standup/summary.ts'
import { whole } from './whole.ts'

/** Where the prompts are. */
export const PROMPTS = join(import.meta.dirname, '..', 'prompts')

const names = () => z.array(words(100)).max(50, 'must be at most 50')

/** Summaries and recipes (see docs/standup.md). */
const standup = z.strictObject({
  /**
   * What says it.
   * @default - none: all is told by template
   */
  model: modelConfig.optional(),
  /**
   * Version of the prompt of summaries: `v1` is prompts/standup/v1.md.
   * @default 'v1'
   */
  prompt: z.string().default('v1'),
  /** US$ that the model may cost, as reckoned by its price; what would cost more is told by template. */
  caps: z
    .strictObject({
      /**
       * In a day (UTC).
       * @default 1
       */
      dayUsd: usd().default(1),
      /**
       * In a month (UTC).
       * @default 10
       */
      monthUsd: usd().default(10),
    })
    .prefault({}),
  /** What means that somebody waits, by its name in any case. */
  blockers: z
    .strictObject({
      /**
       * Statuses.
       * @default ['blocked', 'on hold', 'waiting']
       */
      statuses: names().default(['blocked', 'on hold', 'waiting']),
      /**
       * Tags.
       * @default ['blocked']
       */
      tags: names().default(['blocked']),
    })
    .prefault({}),
  /**
   * The most tokens that the data of one question may take, as estimated; what has no room is left out, and counted.
   * @default 6000
   */
  maxInputTokens: whole(500, 100_000, 'tokens').default(6000),
  /**
   * What happened in some lists or spaces, told regularly.
   * @default []
   */
  summaries: z.array(summaryConfig).max(50, 'must be at most 50').default([]),
  /**
   * What is done with a single task.
   * @default []
   */
  recipes: z.array(recipeConfig).max(50, 'must be at most 50').default([]),
})
type Standup = z.infer<typeof standup>

/** Without it nothing is told, and nothing of it is deployed. */
export const standupConfig = standup
  .refine(({ summaries, recipes }) => summaries.length + recipes.length > 0, {
    error: 'must have at least one summary or recipe, or be left out',
  })
  .optional()

/** What goes by default where the config has none of it: for the command, which can tell of any stage. */
const NONE: Standup = standup.parse({})

/**
 * What the function and the command go by, every default filled in. Of a config without `standup` all but summaries, recipes and
 * a model.
 */
export function standupSettingsOf({
  connections,
  reports,
  standup = NONE,
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
