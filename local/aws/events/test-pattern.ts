import * as z from 'zod'
import { parseJson } from '../../../core/platform/json.ts'
import { AwsError } from '../json-protocol.ts'
import { compilePattern } from './pattern.ts'
import { invalid } from './pattern-filter.ts'

/** What an event has to have: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
const eventSchema = z.looseObject({
  id: z.string(),
  account: z.string(),
  source: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  'detail-type': z.string(),
})

/**
 * Whether a pattern matches an event, both as JSON text.
 * @throws AwsError InvalidEventPatternException for the pattern, ValidationException for the event
 */
export function testPattern({ EventPattern, Event }: { EventPattern: string; Event: string }): boolean {
  const pattern = parseJson(EventPattern)
  const matches = pattern === undefined ? invalid('it is not JSON.') : compilePattern(pattern)
  const event = eventSchema.safeParse(parseJson(Event))
  if (event.success) return matches(event.data)
  throw new AwsError('ValidationException', `Parameter Event is not valid: ${event.error.issues[0]?.path.join('.')}`)
}
