import * as z from 'zod'
import type { TimeEntry } from '../tasks/time-entry.ts'
import type { Answer, Fault } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { gathered, type ReadEntries, workspaceEntry } from './time-entries.ts'

export type TimeEntriesQuery = {
  workspaceId: string
  /** By the beginning of entries: from `from` to before `until` (ms since 1970). */
  from: number
  until: number
  /** Whose: without a name ClickUp lists the entries of the token's own user and nobody else's. */
  userIds: readonly string[]
  /** Asks for one person at a time, where it is known that asking for several is refused. */
  singly?: boolean
}

export type TimeListing = ReadEntries & {
  /** When the first of its reads began, on ClickUp's clock. */
  observedAt: number
  /** Whose entries our token may not see. */
  refused: string[]
  /** Whether asking for several people at once was refused. */
  singly: boolean
  /** Who is still to be asked for: the budget ended meanwhile, or ClickUp went down. */
  left: string[]
}

/** People in one call: their ids have to fit an address. */
const AT_ONCE = 100

/** So many refusals beside one person whose time is to be seen mean that it is the token's own, and nobody else's. */
const MOST_REFUSED = 5

const listAnswer = z.looseObject({ data: z.array(z.unknown()) })

/**
 * The entries of many people that began within a span. Some tokens may ask for each person and not for several at once
 * (`TIMEENTRY_059`), so a refusal of several is followed by one call for each; whoever is refused then is reported. A token that
 * sees its own user's time alone is found out by a few of them: name that user first. What was listed before a fault stands.
 * There are no pages: ask for a month at most.
 */
export async function listTimeEntries(
  clickup: Pick<ClickUp, 'get'>,
  query: TimeEntriesQuery,
): Promise<Answer<TimeListing>> {
  const { singly = false } = query
  const listing: TimeListing = { entries: [], broken: 0, refused: [], singly, left: [], observedAt: 0 }
  let seen = 0
  const size = listing.singly ? 1 : AT_ONCE
  const pending = chunks([...new Set(query.userIds)], size)
  for (let userIds = pending.shift(); userIds !== undefined; userIds = pending.shift()) {
    if (listing.refused.length >= MOST_REFUSED && seen <= 1) {
      listing.refused.push(...userIds)
      continue
    }
    const answer = await clickup.get(pathOf(query, userIds), listAnswer)
    if (answer.kind === 'noAccess') {
      if (userIds.length === 1) listing.refused.push(...userIds)
      else {
        listing.singly = true
        const rest = [...userIds, ...pending.splice(0).flat()]
        pending.push(...chunks(rest, 1))
      }
      continue
    }
    if (answer.kind !== 'ok') {
      if (seen + listing.refused.length === 0 || answer.kind === 'gone' || answer.kind === 'invalid') return answer
      listing.left.push(...userIds, ...pending.splice(0).flat())
      break
    }
    const { observedAt } = answer
    seen += userIds.length
    listing.observedAt = listing.observedAt === 0 ? observedAt : Math.min(listing.observedAt, observedAt)
    const read = gathered(answer.value.data.map((each) => workspaceEntry(each, { observedAt })))
    listing.broken += read.broken
    listing.entries.push(...read.entries.filter((entry) => isIn(query, entry)))
  }
  return { kind: 'ok', value: listing, observedAt: listing.observedAt }
}

/** Which of its ends a span includes is not documented, nor whether an entry may reach beyond it: so the answer is cut to it. */
const isIn = ({ from, until }: TimeEntriesQuery, { startAt }: TimeEntry) =>
  startAt !== null && startAt >= from && startAt < until

function pathOf({ workspaceId, from, until }: TimeEntriesQuery, userIds: readonly string[]): string {
  const parameters = new URLSearchParams({
    start_date: String(from - 1),
    end_date: String(until),
    assignee: userIds.join(','),
  })
  return `/team/${segment(workspaceId)}/time_entries?${parameters}`
}

function chunks(ids: readonly string[], size: number): string[][] {
  const result: string[][] = []
  for (let i = 0; i < ids.length; i += size) result.push(ids.slice(i, i + size))
  return result
}

/** One entry by its id. */
export type SingleEntry =
  | { kind: 'found'; entry: TimeEntry }
  /** It is not there; or our token may not see it, which ClickUp does not tell apart: whether its person's listing was refused does. */
  | { kind: 'gone' | 'noAccess' }
  /** It is there and cannot be true. */
  | { kind: 'broken' }
  | Exclude<Fault, { kind: 'gone' | 'noAccess' }>

export async function readTimeEntry(
  clickup: Pick<ClickUp, 'get'>,
  { workspaceId, entryId }: { workspaceId: string; entryId: string },
): Promise<SingleEntry> {
  const path = `/team/${segment(workspaceId)}/time_entries/${segment(entryId)}`
  const answer = await clickup.get(path, z.looseObject({ data: z.unknown() }))
  if (answer.kind === 'gone' || answer.kind === 'noAccess') return { kind: answer.kind }
  if (answer.kind !== 'ok') return answer
  const { data } = answer.value
  if (data === null || data === undefined || (Array.isArray(data) && data.length === 0)) return { kind: 'gone' }
  const entry = workspaceEntry(data, answer)
  return entry === null ? { kind: 'broken' } : { kind: 'found', entry }
}
