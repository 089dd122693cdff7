import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { parseUpstream, type Upstream, upstreamKey } from './store.ts'
import { isOver, usedOf, type Window } from './window.ts'

/** The shared state in the words of whoever looks. Every time is ms since 1970. */
export type UpstreamStatus = {
  /** One for each window of the provider's limit; none while nothing was asked. */
  budget: {
    window: string
    /** What is believed, and what a header has last said. */
    limit: number
    told: number | null
    /** A lower limit that showed itself by a refusal, and how long it is believed. */
    learned: { limit: number; until: number } | null
    /** Calls given out in the window that runs, and what is left of the limit. */
    leased: number
    left: number
    begunAt: number
    /** When it has ended at the latest; in the past when none runs. */
    endsAt: number
    /** Until then every call is refused for its rate. */
    refusedUntil: number | null
  }[]
  breaker: { state: 'closed' } | { state: 'open'; since: number; nextProbeAt: number }
  token: { state: 'accepted' } | { state: 'refused'; since: number; code: string; nextTryAt: number }
}

/** @throws ZodError when the item is in a form that is not ours */
export async function loadUpstream(
  { dynamo, table }: { dynamo: DynamoDBDocumentClient; table: string },
  connection: string,
  now: number,
): Promise<UpstreamStatus> {
  const { Item = {} } = await dynamo.send(new GetCommand({ TableName: table, Key: upstreamKey(connection) }))
  return statusOf(parseUpstream(Item), now)
}

function statusOf({ windows, breaker, refusal }: Upstream, now: number): UpstreamStatus {
  return {
    budget: Object.entries(windows).map(([name, window]) => budgetOf(name, window, now)),
    breaker:
      breaker === null || breaker.probeAt === null
        ? { state: 'closed' }
        : { state: 'open', since: breaker.firstAt, nextProbeAt: breaker.probeAt },
    token:
      refusal === null
        ? { state: 'accepted' }
        : { state: 'refused', since: refusal.since, code: refusal.code, nextTryAt: refusal.tryAt },
  }
}

function budgetOf(name: string, window: Window, now: number): UpstreamStatus['budget'][number] {
  const { limit, told, begun, latest, refusedUntil } = window
  const leased = isOver(window, now) ? 0 : usedOf(window, now)
  const learned = window.learned !== null && now < window.learned.until ? window.learned : null
  return {
    window: name,
    ...{ limit, told, learned, leased },
    left: now < refusedUntil ? 0 : Math.max(0, limit - leased),
    begunAt: begun,
    endsAt: Math.max(latest, refusedUntil),
    refusedUntil: now < refusedUntil ? refusedUntil : null,
  }
}
