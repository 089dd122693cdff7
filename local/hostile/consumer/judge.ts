import * as z from 'zod'
import { readItem } from '../../../core/ledger/history.ts'
import { PK, SK } from '../../../core/platform/tables.ts'
import { changeEventSchema } from '../../../core/publish/index.ts'
import { snapshotSchema } from '../../../core/tasks/snapshot.ts'
import { SNAPSHOT_SK } from '../../../core/tasks/store.ts'
import type { BusEntry } from '../../virtual/aws/events.ts'
import type { Played, QueueMessage } from './world.ts'

/** How a batch with hostile messages in it ended, and what of the promise it broke. */
export type Verdict = { readonly endings: readonly string[]; readonly faults: readonly string[] }

/** Targets of the bus take so much of one event. */
const MAX_EVENT_BYTES = 256 * 1_024
const MAX_LINE_BYTES = 8_192
/** In the bodies and answers of all bases: no line may say any of it. */
const PLANTED = [
  'Ada Moreau',
  'ada@example.com',
  'bilal@example.com',
  'Fixed in the next release',
  'cart page',
  'a-token',
]
const VALID = new Set(['valid1', 'valid2'])

type Due = {
  /** How the valid messages end by themselves. */
  undisturbed: Played
  /** Whether a question was without an answer: then what asked waits, and nothing is set aside or taken for gone. */
  outage: boolean
}

export function judge(played: Played, messages: readonly QueueMessage[], { undisturbed, outage }: Due): Verdict {
  const { events, quarantined, counts, left } = played
  const aside = new Set(quarantined.map(({ body }) => body))
  return {
    // Between the valid ones; a message that waits is sent anew, and has the same body.
    endings: messages.slice(1, -1).map(({ body }) => (aside.has(body) ? 'setAside' : left > 0 ? 'waiting' : 'done')),
    faults: [
      ...judgeRun(played),
      ...(outage ? judgeOutage(played) : left > 0 ? [`${left} messages go round and round`] : []),
      ...judgeQuarantine(played),
      ...(counts.received < messages.length ? [`${counts.received} of ${messages.length} messages were received`] : []),
      ...judgeValid(played, undisturbed),
      ...events.flatMap(judgeEvent),
      ...judgeStored(played),
      ...judgeLines(played.lines),
    ],
  }
}

function judgeRun({ invocations, threw, counts, calls }: Played): string[] {
  return [
    ...(invocations.failed > 0 ? [`the whole batch failed: ${threw[0]}`] : []),
    ...(invocations.timedOut > 0 ? [`${invocations.timedOut} invocations ran into their time-out`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} times a message failed and came again`] : []),
    ...(calls > MOST_CALLS ? [`ClickUp was asked ${calls} times`] : []),
  ]
}

/** So many for a batch of ten in three quarters of an hour: what cannot be had is asked for ever less often. */
const MOST_CALLS = 400

const goneSchema = z.looseObject({ detailType: z.string().regex(/Deleted$/) })
function judgeOutage({ quarantined, events, tasks, left }: Played): string[] {
  const others = tasks.filter(
    (item) => item[SK] === SNAPSHOT_SK && !VALID.has(String(item[PK]).split('#').at(-1) ?? ''),
  )
  return [
    ...(quarantined.length > 0 ? [`${quarantined.length} messages are in quarantine for an outage`] : []),
    ...(events.some((event) => goneSchema.safeParse(event).success) ? ['something was told to be deleted'] : []),
    ...(others.length > 0 ? ['what nobody answered is stored as a fact'] : []),
    ...(left === 0 && events.every(isOfValid) ? ['nobody was told of it, and nothing waits'] : []),
  ]
}

/** What was set aside says why and was counted; what the queue itself moved there was tried five times, and nobody knows for what. */
function judgeQuarantine({ quarantined, counts }: Played): string[] {
  const silent = quarantined.filter(({ attributes }) => !attributes['class'] || !attributes['reason'])
  return [
    ...(silent.length > 0 ? [`${silent.length} messages are in quarantine without a reason`] : []),
    ...(quarantined.length - silent.length === counts.quarantined
      ? []
      : [`${quarantined.length} messages are in quarantine and ${counts.quarantined} were counted`]),
  ]
}

const detailSchema = z.looseObject({ resource: z.looseObject({ id: z.string() }) })
function isOfValid({ detail }: BusEntry): boolean {
  const parsed = detailSchema.safeParse(detail)
  return parsed.success && VALID.has(parsed.data.resource.id)
}

/** The valid ones are told exactly as without the others, but for the moments at which they were. */
function judgeValid(played: Played, undisturbed: Played): string[] {
  const [ours, due] = [played, undisturbed].map(({ events }) => events.filter(isOfValid).map(timeless).sort())
  return JSON.stringify(ours) === JSON.stringify(due)
    ? []
    : [`what is valid was told otherwise: ${ours?.length} events instead of ${due?.length}`]
}

const TIMES = new Set(['publishedAt', 'asOf', 'version'])
const timeless = (entry: BusEntry): string =>
  JSON.stringify(entry, (key, value: unknown) => (TIMES.has(key) ? undefined : value))

function judgeEvent({ detailType, detail }: BusEntry): string[] {
  const parsed = changeEventSchema.safeParse(detail)
  const bytes = Buffer.byteLength(JSON.stringify(detail))
  return [
    ...(parsed.success
      ? []
      : [`an event "${detailType}" is not in the form that is promised: ${firstIssue(parsed.error)}`]),
    ...(bytes > MAX_EVENT_BYTES ? [`an event of ${bytes} bytes`] : []),
  ]
}

const firstIssue = ({ issues: [issue] }: z.ZodError) => `${issue?.path.join('.')} ${issue?.message}`

/** Nothing is claimed any more, and whoever reads later can read all of it. */
function judgeStored({ ledger, tasks }: Played): string[] {
  // A test delivery's mark is a claim, and stays one.
  const kinds = ledger.filter((item) => !String(item[PK]).includes('#canary#')).map((item) => readItem(item).kind)
  const snapshots = tasks.filter((item) => item[SK] === SNAPSHOT_SK)
  const unreadable = snapshots.filter((item) => !snapshotSchema.safeParse(item).success)
  return [
    ...(kinds.includes('claimed') ? ['a claim was left behind'] : []),
    ...(kinds.includes('unreadable') ? ['the ledger has what nobody can read'] : []),
    ...(unreadable.length > 0 ? ['a snapshot cannot be read'] : []),
  ]
}

function judgeLines(lines: readonly string[]): string[] {
  const long = lines.find((line) => Buffer.byteLength(line) > MAX_LINE_BYTES)
  return [
    ...(long === undefined ? [] : [`a line of ${Buffer.byteLength(long)} bytes: ${long.slice(0, 80)}`]),
    ...PLANTED.filter((text) => lines.some((line) => line.includes(text))).map((text) => `a line says "${text}"`),
  ]
}
