import * as z from 'zod'

export const SECTIONS = ['blockers', 'done', 'progress', 'priorities', 'new', 'people'] as const
const sectionSchema = z.enum(SECTIONS)
export type Section = z.infer<typeof sectionSchema>

/**
 * What a model or the template says, in the material's refs: `{t1}` stands for a task and `{p2}` for a person, so that no name
 * can come out wrong. `cites`: ids of the facts that it rests on.
 */
export const statementSchema = z.object({
  section: sectionSchema,
  text: z.string(),
  cites: z.array(z.string()),
})
export type Statement = z.infer<typeof statementSchema>

/**
 * A statement as it is kept: `{task:86c2k4x7q}` and `{person:183}` in its text stand for names, which are looked up when it is
 * shown. It rests on the changes, and where there are none, on the tasks as they stand.
 */
const keptStatementSchema = z.object({
  section: sectionSchema,
  text: z.string(),
  by: z.enum(['model', 'template']),
  changeIds: z.array(z.string()),
  taskIds: z.array(z.string()),
})
export type KeptStatement = z.infer<typeof keptStatementSchema>

/** Why a statement of a model was removed; `word`: it uses a word that neither the cited facts nor the vocabulary has. */
const REMOVALS = ['noCite', 'unknownCite', 'unknownRef', 'uncitedRef', 'number', 'claim', 'word', 'form'] as const
export type Removal = (typeof REMOVALS)[number]

/** Why there is no answer of a model. */
export const NO_MODEL = [
  'notAsked',
  'notConfigured',
  'capReached',
  'noKey',
  'denied',
  'rateLimited',
  'timeout',
  'unavailable',
  'malformed',
  'nothingLeft',
  /** There was nothing to say anything about, and nobody was asked. */
  'nothingHappened',
] as const
export type NoModel = (typeof NO_MODEL)[number]

/** What was made of a material, ready to be kept and sent. Times are ms since 1970. */
export const summarySchema = z.object({
  statements: z.array(keptStatementSchema),
  /** Who has said it: a model under a prompt, or the template and why. */
  by: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('model'), provider: z.string(), model: z.string(), prompt: z.string() }),
    z.object({ kind: z.literal('template'), why: z.enum(NO_MODEL) }),
  ]),
  /** Statements of the model that were removed, by the reason; and must-tell facts that it had left out. */
  removed: z.partialRecord(z.enum(REMOVALS), z.number()),
  added: z.number(),
  tokens: z.object({ input: z.number(), output: z.number() }),
  costUsd: z.number(),
  about: z.string(),
  span: z.object({ from: z.number(), until: z.number(), timeZone: z.string() }),
  /** Facts that were left out of the material for want of room. */
  left: z.number(),
  /** What limits it, a sentence each, by template: what was left out, and data that is not complete. They name nobody. */
  notes: z.array(z.string()),
  watermark: z.number().nullable(),
  madeAt: z.number(),
})
export type Summary = z.infer<typeof summarySchema>
