import * as z from 'zod'
import { modelConfig } from './standup/model.ts'
import { usd, words } from './standup/parts.ts'
import { recipeConfig } from './standup/recipe.ts'
import { summaryConfig } from './standup/summary.ts'
import { whole } from './whole.ts'

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
export type Standup = z.infer<typeof standup>

/** Without it nothing is told, and nothing of it is deployed. */
export const standupConfig = standup
  .refine(({ summaries, recipes }) => summaries.length + recipes.length > 0, {
    error: 'must have at least one summary or recipe, or be left out',
  })
  .optional()

/** What goes by default where the config has none of it: for the command, which can tell of any stage. */
export const NO_STANDUP: Standup = standup.parse({})
