import * as z from 'zod'
import { READ_LAG_MS } from '../tasks/observe.ts'
import { faultOf, isRunning, revisionOf, type Sighting, seenAs, type TimeEntry } from '../tasks/time-entry.ts'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { resourceIdSchema } from './delivery.ts'
import { idSchema, nameText, numberSchema, timeSchema, userSchema } from './scalars.ts'

const text = z.string().transform((value) => value.slice(0, 2_000).toWellFormed())
const instant = timeSchema.nullish().catch(null)

/** Numbers come as strings as well as numbers, and the task is absent or "0" where there is none. */
const entryAnswer = z.looseObject({
  id: resourceIdSchema,
  task: z.union([z.looseObject({ id: idSchema }), idSchema]).nullish(),
  user: userSchema.nullish().catch(null),
  start: instant,
  end: instant,
  duration: numberSchema,
  description: text.nullish().catch(null),
  billable: z.boolean().nullish().catch(null),
  tags: z
    .array(z.looseObject({ name: nameText }))
    .nullish()
    .catch(null),
  source: nameText.nullish().catch(null),
  at: instant,
})

/** Entries that were read, and how many could not be or cannot be true. */
export type ReadEntries = { entries: TimeEntry[]; broken: number }

export type EntryContext = { observedAt: number }

/** One entry as the workspace's listing and the single read show it; `null` when it cannot be true. */
export function workspaceEntry(answer: unknown, { observedAt }: EntryContext): TimeEntry | null {
  const parsed = entryAnswer.safeParse(answer)
  if (!parsed.success) return null
  const { data } = parsed
  const task = typeof data.task === 'string' ? data.task : data.task?.id
  const taskId = task === undefined || task === '0' ? null : task
  if (taskId !== null && !resourceIdSchema.safeParse(taskId).success) return null
  return sound(
    {
      ...factsOf({ id: data.id, start: data.start, end: data.end, time: data.duration }, 'workspace'),
      ...told(data.at ?? null, observedAt),
      taskId,
      ...detailsOf({ ...data, user: data.user ?? null }),
    },
    observedAt,
  )
}

const intervalAnswer = z.looseObject({
  id: resourceIdSchema,
  start: instant,
  end: instant,
  time: numberSchema,
  source: nameText.nullish().catch(null),
  date_added: instant,
})
const personAnswer = z.looseObject({ user: userSchema.nullish().catch(null), intervals: z.array(z.unknown()) })

/** The entries of a task as the older endpoint shows them, by person. */
export function taskEntries(answers: readonly unknown[], taskId: string, { observedAt }: EntryContext): ReadEntries {
  const read = answers.flatMap((each): (TimeEntry | null)[] => {
    const person = personAnswer.safeParse(each)
    if (!person.success) return [null]
    return person.data.intervals.map((interval) => {
      const { data } = intervalAnswer.safeParse(interval)
      if (data === undefined) return null
      const { id, start, end, time, source } = data
      const facts = factsOf({ id, start, end, time }, 'task')
      const details = detailsOf({ user: person.data.user ?? null, source })
      return sound({ ...facts, ...told(data.date_added ?? null, observedAt), taskId, ...details }, observedAt)
    })
  })
  return gathered(read)
}

type Times = { id: string; start: number | null | undefined; end: number | null | undefined; time: number | null }

function factsOf({ id, start = null, end = null, time }: Times, source: Sighting['source']) {
  const running = isRunning({ startAt: start, endAt: end, durationMs: time })
  const fromTimes = start === null || end === null ? null : end - start
  const durationMs = running ? null : (time ?? fromTimes)
  return { entryId: id, startAt: start, endAt: end, durationMs, running, deleted: false, seen: seenAs([id], source) }
}

/**
 * A listing holds for the moment at which it began, but for reads that lag; or for when the entry was last written, where
 * that is later. Whether ClickUp's `at` follows every edit is not documented, so it alone would not do.
 */
function told(at: number | null, observedAt: number) {
  const holdsAt = Math.max(at ?? 0, observedAt - READ_LAG_MS)
  return { changedAt: at ?? observedAt, revision: revisionOf(holdsAt, { deleted: false, by: 'listed' }) }
}

type Details = Partial<Pick<z.infer<typeof entryAnswer>, 'user' | 'description' | 'billable' | 'tags' | 'source'>>

/** Only what the answer carries: the older endpoint carries less, and what is absent is not empty. */
const detailsOf = ({ user, description, billable, tags, source }: Details) => ({
  userId: user?.id ?? null,
  ...(user?.username ? { userName: user.username } : {}),
  ...(typeof description === 'string' ? { description } : {}),
  ...(typeof billable === 'boolean' ? { billable } : {}),
  ...(Array.isArray(tags) ? { tags: tags.map(({ name }) => name).sort() } : {}),
  ...(typeof source === 'string' ? { source } : {}),
})

const sound = (entry: TimeEntry, asOf: number) => (faultOf(entry, asOf) === null ? entry : null)

export function gathered(read: readonly (TimeEntry | null)[]): ReadEntries {
  const entries = read.filter((entry) => entry !== null)
  return { entries, broken: read.length - entries.length }
}

/** The entries of one task by the older endpoint, of everybody: what it does not carry is not there any more. */
export async function readTaskTime(
  clickup: Pick<ClickUp, 'get'>,
  taskId: string,
): Promise<Answer<ReadEntries & { observedAt: number }>> {
  const answer = await clickup.get(`/task/${segment(taskId)}/time`, z.looseObject({ data: z.array(z.unknown()) }))
  if (answer.kind !== 'ok') return answer
  const { observedAt } = answer
  return { kind: 'ok', observedAt, value: { ...taskEntries(answer.value.data, taskId, { observedAt }), observedAt } }
}
