import * as z from 'zod'
import { nameSchema } from '../platform/connections.ts'
import { reportSettingsSchema } from '../report/settings.ts'

/** US$ for a million tokens. */
const priceSchema = z.object({ input: z.number().nonnegative(), output: z.number().nonnegative() })
export type Price = z.infer<typeof priceSchema>

/** One model of one provider. Its key, where it needs one, is a secret and never here. */
const modelSettingsSchema = z.object({
  provider: z.enum(['bedrock', 'openai-compatible', 'anthropic']),
  id: z.string().min(1),
  /** Where an OpenAI-compatible server is, with its `/v1`; the provider's own address where absent. */
  baseUrl: z.url().optional(),
  /** Of Bedrock: the region that is asked; the function's own where absent. */
  region: z.string().optional(),
  price: priceSchema,
  timeoutMs: z.number().int().positive(),
  maxOutputTokens: z.number().int().positive(),
})
export type ModelSettings = z.infer<typeof modelSettingsSchema>

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Where the text of a result goes besides the log of results; none is a summary that nobody gets. */
const outputsSchema = z.object({
  /** A comment on this task. */
  comment: z.object({ task: z.string() }).optional(),
  /** The value of a custom field of this task, by the field's name or id. */
  field: z.object({ task: z.string(), name: z.string() }).optional(),
  /** `Summary Created` on the bus. */
  event: z.boolean(),
})
export type Outputs = z.infer<typeof outputsSchema>

/** What happened in some lists or spaces, told regularly. */
const summarySettingsSchema = z.object({
  name: nameSchema,
  connection: nameSchema,
  /** Ids. Neither: everything of the connection. */
  lists: z.array(z.string()),
  spaces: z.array(z.string()),
  timeZone: z.string(),
  days: z.array(z.enum(DAYS)),
  /** Time of the day, such as `09:00`. */
  at: z.string(),
  /** Who reads it, in words, for the prompt. */
  audience: z.string(),
  /** Version of the prompt: `v1` is `prompts/standup/v1.md`. */
  prompt: z.string(),
  to: outputsSchema,
})
export type SummarySettings = z.infer<typeof summarySettingsSchema>

/** What is done with a single task: when it comes into a status, or regularly with each that something happened to. */
const recipeSettingsSchema = z.object({
  name: nameSchema,
  connection: nameSchema,
  on: z.discriminatedUnion('kind', [
    /** A status by its name, in any case. */
    z.object({ kind: z.literal('status'), status: z.string() }),
    z.object({ kind: z.literal('schedule'), timeZone: z.string(), days: z.array(z.enum(DAYS)), at: z.string() }),
  ]),
  lists: z.array(z.string()),
  spaces: z.array(z.string()),
  act: z.discriminatedUnion('kind', [
    /** Fills a custom field, by its name or id: a text by what the model says, a dropdown or labels by what it chooses. */
    z.object({ kind: z.literal('field'), field: z.string() }),
    z.object({ kind: z.literal('comment') }),
  ]),
  /** The prompt, as a path under `prompts` without its ending: `task/v1`. */
  prompt: z.string(),
})
export type RecipeSettings = z.infer<typeof recipeSettingsSchema>

/** What the summaries of a stage go by: made from the config, read by the function and by the command. */
export const standupSettingsSchema = z.object({
  /** Null: everything is told by template. */
  model: modelSettingsSchema.nullable(),
  /** US$ that the models of the stage may cost, at the most. */
  caps: z.object({ dayUsd: z.number().nonnegative(), monthUsd: z.number().nonnegative() }),
  /** Names of statuses and tags, in any case, that mean that somebody waits. */
  blockers: z.object({ statuses: z.array(z.string()), tags: z.array(z.string()) }),
  /** The most tokens that the data of one question may take, as estimated. */
  maxInputTokens: z.number().int().positive(),
  /** Working time, what statuses mean, who is who. */
  reports: reportSettingsSchema,
  summaries: z.array(summarySettingsSchema),
  recipes: z.array(recipeSettingsSchema),
})
export type StandupSettings = z.infer<typeof standupSettingsSchema>
