import { FACT_KINDS, type FactKind, type Material } from '../material.ts'
import { counted, listed } from './sentences.ts'
import { fullTimeText } from './times.ts'

/** A sweep comes round every quarter of an hour: what is older has not been looked after as usual. */
const FRESH_MS = 3_600_000

/** One of a kind, as people call it. */
const CALLED: Readonly<Record<FactKind, string>> = {
  blocked: 'blocked task',
  stuck: 'stuck task',
  done: 'finished task',
  deleted: 'deleted task',
  reopened: 'reopened task',
  priority: 'priority shift',
  created: 'new task',
  moved: 'moved task',
  time: 'account of logged time',
  working: 'account of work in hand',
}

/** What limits a summary, a sentence each: by code, whoever has said the rest. */
export function notesOf(material: Material): string[] {
  const { facts, totals, span, watermark, unreadable, claimed, cut } = material
  const left = FACT_KINDS.flatMap((kind) => {
    const count = totals[kind] - facts.filter((fact) => fact.kind === kind).length
    return count > 0 ? [plural(count, CALLED[kind])] : []
  })
  return [
    ...(left.length > 0 ? [`Left out for want of room: ${listed(left)}.`] : []),
    ...(watermark === null ? ['Whether this is complete is not known: no sweep has come round yet.'] : []),
    ...(watermark !== null && watermark < span.until - FRESH_MS
      ? [`What happened after ${fullTimeText(watermark, span.timeZone)} may be missing.`]
      : []),
    ...(claimed > 0 ? [`${counted(claimed, 'change')} ${claimed === 1 ? 'was' : 'were'} still being worked on.`] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'change')} could not be read.`] : []),
    // Without a sweep the lists are not known either, and that has been said.
    ...(cut && watermark !== null ? ['There was more to read than could be read.'] : []),
  ]
}

const plural = (count: number, called: string) =>
  called.startsWith('account ') && count !== 1
    ? `${count} ${called.replace('account', 'accounts')}`
    : counted(count, called)

/** Whether something may have happened that the material does not hold. */
export const isIncomplete = ({ watermark, span, unreadable, claimed, cut }: Material): boolean =>
  watermark === null || watermark < span.until - FRESH_MS || unreadable > 0 || claimed > 0 || cut
