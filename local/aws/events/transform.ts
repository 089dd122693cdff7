import { AwsError } from '../json-protocol.ts'
import type { BusEvent } from './event.ts'
import { parsePath, valueAt } from './json-path.ts'
import type { RuleTarget } from './target.ts'

export type Occasion = { event: BusEvent; ruleArn: string; ruleName: string; ingestedAt: string }

const PLACEHOLDER = /<([^<>\s"]+)>/g

/** The variables that every template may use. */
const PREDEFINED: Record<string, (occasion: Occasion) => unknown> = {
  'aws.events.rule-arn': ({ ruleArn }) => ruleArn,
  'aws.events.rule-name': ({ ruleName }) => ruleName,
  'aws.events.event.ingestion-time': ({ ingestedAt }) => ingestedAt,
  'aws.events.event.json': ({ event }) => event,
  'aws.events.event': ({ event: { detail: _, ...rest } }) => rest,
}

/** Where in a template the quotes are, so that a value is put in as text there and as JSON elsewhere. */
function isInString(template: string, at: number): boolean {
  let inside = false
  for (let index = 0; index < at; index += 1) {
    if (template[index] === '\\') index += 1
    else if (template[index] === '"') inside = !inside
  }
  return inside
}

function asText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1)
  // Inside a string, EventBridge writes objects without their quotes.
  return value === undefined ? '' : JSON.stringify(value).replaceAll('"', '')
}

/** A path that finds nothing gives empty text. */
const asJson = (value: unknown) => JSON.stringify(value ?? (value === null ? null : ''))

function fill(template: string, value: (name: string) => unknown): string {
  return template.replace(PLACEHOLDER, (_, name: string, at: number) =>
    isInString(template, at) ? asText(value(name)) : asJson(value(name)),
  )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Checks how a target wants its input, as PutTargets does.
 * @throws AwsError ValidationException
 */
export function checkInput({ id, input, inputPath, inputTransformer }: RuleTarget): void {
  const refuse = (what: string): never => {
    throw new AwsError('ValidationException', `Invalid ${what} for target ${id}.`)
  }
  const given = [input, inputPath, inputTransformer].filter((part) => part !== undefined)
  if (given.length > 1) refuse('input: only one of Input, InputPath and InputTransformer is allowed, given more')
  if (input !== undefined && !isJson(input)) refuse('Input')
  if (inputPath !== undefined && parsePath(inputPath) === null) refuse('InputPath')
  if (inputTransformer === undefined) return
  const { inputPathsMap = {}, inputTemplate } = inputTransformer
  if (Object.values(inputPathsMap).some((path) => parsePath(path) === null)) refuse('InputPathsMap')
  const names = [...inputTemplate.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
  if (names.some((name) => inputPathsMap[name] === undefined && PREDEFINED[name] === undefined)) refuse('InputTemplate')
  const sample = fill(inputTemplate, () => '')
  // Several lines of text are allowed too, each a JSON string of its own.
  if (!isJson(sample) && !sample.split('\n').every(isJson)) refuse('InputTemplate')
}

/** What a target gets, as text: the event, a part of it, a constant, or a template filled from it. */
export function inputOf({ input, inputPath, inputTransformer }: RuleTarget, occasion: Occasion): string {
  if (input !== undefined) return input
  if (inputPath !== undefined) return JSON.stringify(valueAt(occasion.event, inputPath) ?? null)
  if (inputTransformer === undefined) return JSON.stringify(occasion.event)
  const { inputPathsMap = {}, inputTemplate } = inputTransformer
  return fill(inputTemplate, (name) => {
    const path = inputPathsMap[name]
    return path === undefined ? PREDEFINED[name]?.(occasion) : valueAt(occasion.event, path)
  })
}
