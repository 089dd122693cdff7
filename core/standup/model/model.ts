import type * as z from 'zod'
import type { NoModel } from '../statement.ts'

/** A question to a model. The data is given apart from the instructions, and is never among them. */
export type Question<Schema extends z.ZodType> = {
  /** The prompt's text. */
  instructions: string
  data: string
  /** What has to come back. Read tolerantly where a part may be wrong without the rest being so. */
  answer: Schema
  /** What the provider is made to keep to, where `answer` is more tolerant: an object of objects, lists and scalars. */
  form?: z.ZodType
}

type Used = { input: number; output: number }

/** `tokens` and `costUsd` are what all tries together took, those that failed included. */
export type Said<Value> =
  | { kind: 'said'; value: Value; provider: string; model: string; tokens: Used; costUsd: number }
  | { kind: 'nothing'; why: NoModel; reason: string; tokens: Used; costUsd: number }

/** The one door to models: within the time, the tries and the caps. It never throws for what a model or its provider does. */
export type AskModel = <Schema extends z.ZodType>(question: Question<Schema>) => Promise<Said<z.infer<Schema>>>
