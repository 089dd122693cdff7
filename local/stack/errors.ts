import type * as z from 'zod'

/**
 * What keeps a stack from starting: the app did not synthesize, the template asks for what is not here, a port is taken, or
 * what would go live fails its check.
 */
export type StackProblem = 'synthesis' | 'template' | 'portBusy' | 'release'

/** The message is one line for a person at a terminal: what is wrong, and where. */
export class StackError extends Error {
  readonly problem: StackProblem

  constructor(problem: StackProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StackError'
    this.problem = problem
  }
}

/** A fault in the template at a place that the reader can find. */
export const templateError = (where: string, message: string) => new StackError('template', `${where}: ${message}`)

/** zod's complaints in one line. */
export const oneLine = (error: z.ZodError) =>
  error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message].filter(Boolean).join(': ')).join('; ')
