import * as z from 'zod'
import type { Clock } from '../../../core/platform/clock.ts'
import type { JsonObject, ServiceHandler } from '../call.ts'
import { AwsError, jsonReply, parseInput } from '../json-protocol.ts'
import { parseFilterPattern } from './filter-pattern.ts'
import { createLogStore } from './store.ts'

const time = z.number().int().min(0)
const filterSchema = z.looseObject({
  logGroupName: z.string().min(1).optional(),
  logGroupIdentifier: z.string().min(1).optional(),
  logStreamNames: z.array(z.string()).min(1).max(100).optional(),
  logStreamNamePrefix: z.string().min(1).optional(),
  startTime: time.optional(),
  endTime: time.optional(),
  filterPattern: z.string().max(1_024).default(''),
  nextToken: z.string().min(1).optional(),
  limit: z.number().int().min(1).max(10_000).default(10_000),
})
type Request = z.infer<typeof filterSchema>

/** A page ends here, however many events it was to have. */
const PAGE_CHARACTERS = 1_000_000
const TOKEN = /^after-(\d+)$/

/** A group's name from its name or its ARN, the closing `:*` left out. */
export const logGroupOf = (nameOrArn: string) => nameOrArn.replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:|:\*$/g, '')

const invalid = (message: string) => new AwsError('InvalidParameterException', message)

/** CloudWatch Logs, as far as reading goes: what functions wrote, by group. Nothing else of the service is here. */
export function createLogs(clock: Clock) {
  const store = createLogStore(clock)

  /** @throws AwsError InvalidParameterException unless exactly one of the two names the group */
  function groupIn({ logGroupName: name, logGroupIdentifier: identifier }: Request): string {
    const given = name ?? (identifier === undefined ? undefined : logGroupOf(identifier))
    if (given === undefined || (name !== undefined && identifier !== undefined)) {
      throw invalid('Either logGroupName or logGroupIdentifier must be specified, and not both.')
    }
    return given
  }

  function filterLogEvents(body: JsonObject): JsonObject {
    const request = parseInput(filterSchema, body)
    const events = store.events(groupIn(request))
    if (events === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
    const pattern = parseFilterPattern(request.filterPattern)
    if (pattern.kind === 'unsupported')
      throw invalid('Invalid filter pattern, or one that the local stack does not know.')
    const { startTime: from = 0, endTime: until = Number.POSITIVE_INFINITY, logStreamNames: streams } = request
    const after = afterIn(request.nextToken)

    const found: JsonObject[] = []
    let characters = 0
    let last = after
    let isMore = false
    for (const { number, stream, at, message } of events) {
      // Both ends belong to it: only what is later than the end is left out.
      if (number <= after || at < from || at > until) continue
      if (streams !== undefined && !streams.includes(stream)) continue
      if (!stream.startsWith(request.logStreamNamePrefix ?? '') || !pattern.test(message)) continue
      if (found.length >= request.limit || characters >= PAGE_CHARACTERS) {
        isMore = true
        break
      }
      characters += message.length
      last = number
      const eventId = String(number).padStart(56, '0')
      found.push({ logStreamName: stream, timestamp: at, message, ingestionTime: at, eventId })
    }
    return { events: found, searchedLogStreams: [], ...(isMore ? { nextToken: `after-${last}` } : {}) }
  }

  const handle: ServiceHandler = async ({ operation, body }) => {
    if (operation === 'FilterLogEvents') return jsonReply('logs', filterLogEvents(body))
    throw new AwsError('UnknownOperationException', `${operation} is not supported by the local stack.`)
  }

  return { handle, createGroup: store.create, write: store.write }
}

/** @throws AwsError InvalidParameterException for a token that was given by nobody */
function afterIn(token: string | undefined): number {
  if (token === undefined) return -1
  const [, number] = TOKEN.exec(token) ?? []
  if (number === undefined) throw invalid('The specified nextToken is invalid.')
  return Number(number)
}
