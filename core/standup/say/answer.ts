import * as z from 'zod'
import { type Statement, statementSchema } from '../statement.ts'

/** Stands for a statement of a wrong form: it has no text, and is removed as one without. */
const WRONG: Statement = { section: 'progress', text: '', cites: [] }

/**
 * What a model has to answer with. Read statement by statement: one that is wrong stands for itself and takes no other with it.
 * Lengths are no part of the schema, because providers that hold a model to a schema refuse some that have any.
 */
export const answerSchema = z.object({ statements: z.array(statementSchema.catch(WRONG)) })

/** What a provider is made to keep to. */
export const answerForm = z.object({ statements: z.array(statementSchema) })

/** More than this is no summary. */
export const MOST_STATEMENTS = 60
export const MOST_CHARACTERS = 400
