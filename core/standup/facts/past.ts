import type { Recorded } from '../../ledger/history.ts'
import type { Span } from '../material.ts'

/** A task's changes by when they became known, each part in the order in which they happened. */
export type Past = {
  /** Before the span, as far as was read. */
  before: readonly Recorded[]
  inSpan: readonly Recorded[]
  /** All that was read: the two, and what came after the span. */
  all: readonly Recorded[]
}

/**
 * What facts are made of. Comments and custom fields are not among them: those are what summaries and recipes write themselves,
 * so nothing that is told can come of having been told.
 */
const FIELDS: ReadonlySet<string> = new Set([
  ...['task_creation', 'status', 'priority', 'section_moved', 'tag', 'tag_removed', 'deletion'],
])

/** A backfill tells of the time before the connection, whenever it is recorded: it is no news. */
const isNews = ({ field, origin }: Recorded) => FIELDS.has(field) && origin !== 'backfill'

/** @param changes in the order in which they happened, as a history has them */
export function pastOf(changes: readonly Recorded[], { from, until }: Pick<Span, 'from' | 'until'>): Past {
  const all = changes.filter(isNews)
  return {
    before: all.filter(({ publishedAt }) => publishedAt < from),
    inSpan: all.filter(({ publishedAt }) => publishedAt >= from && publishedAt < until),
    all,
  }
}

/**
 * The changes of one field in the span; and those that were known before it although they happened later than some of these. With
 * such, the state at the beginning is what they say, and else it is what the first change of the span says was before it.
 */
export function ofField({ before, inSpan }: Past, field: string) {
  const changes = inSpan.filter((change) => change.field === field)
  const first = changes[0]
  const known = first === undefined ? [] : before.filter((change) => change.field === field && change.at >= first.at)
  return { changes, known }
}
