import * as z from 'zod'
import type { FunctionError } from './outcome.ts'

/** What a function's process is asked; the event travels as the JSON text that Lambda would send. */
export type Invoke = { id: string; event: string; deadline: number; context: ContextFacts }

/** What the context object tells beside what changes with each call. */
export type ContextFacts = {
  functionName: string
  invokedFunctionArn: string
  memoryLimitInMB: string
  logGroupName: string
  logStreamName: string
}

/** What a function's process says. */
export const saidSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('initFailed'), error: z.custom<FunctionError>(isFunctionError) }),
  z.object({ kind: z.literal('returned'), id: z.string(), payload: z.string() }),
  z.object({ kind: z.literal('threw'), id: z.string(), error: z.custom<FunctionError>(isFunctionError) }),
])
export type Said = z.infer<typeof saidSchema>

function isFunctionError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'errorType' in value && 'errorMessage' in value
}
