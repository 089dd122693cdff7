import { CALL_LIMITS, clientSettings } from '../core/platform/aws/limits.ts'
import { parseJson } from '../core/platform/json.ts'
import type { Place } from './clients.ts'

/** One line that a function has logged: `id` names it, `fields` is what stands in it; a line that is no JSON is left out. */
export type LogLine = { id: string; at: number; fields: unknown }

/** The lines of a log group since a time (ms since 1970) that carry a message, oldest first; `null` where there is no such group. */
export type ReadLog = (group: string, message: string, since: number) => Promise<LogLine[] | null>

/** At most so many pages: whoever asks, asks again. */
const PAGES = 5

/** Reads CloudWatch Logs of one place; an endpoint is the local stack's. */
export function functionLog(place: Place, endpoint?: string): ReadLog {
  return async (group, message, since) => {
    // Loaded only here: few commands look into a log.
    const { CloudWatchLogsClient, FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs')
    const settings = { ...clientSettings(CALL_LIMITS.worker), ...place, ...(endpoint && { endpoint }) }
    const client = new CloudWatchLogsClient(settings)
    const lines: LogLine[] = []
    try {
      let nextToken: string | undefined
      for (let page = 0; page < PAGES; page += 1) {
        const filterPattern = `{ $.message = "${message}" }`
        const answer = await client.send(
          new FilterLogEventsCommand({ logGroupName: group, startTime: since, filterPattern, nextToken }),
        )
        for (const { eventId = '', timestamp = 0, message: text = '' } of answer.events ?? [])
          lines.push({ id: eventId, at: timestamp, fields: parseJson(text) })
        nextToken = answer.nextToken
        if (nextToken === undefined) break
      }
      return lines
    } catch (error) {
      // A function that has never run has no log yet.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return null
      throw error
    } finally {
      client.destroy()
    }
  }
}
