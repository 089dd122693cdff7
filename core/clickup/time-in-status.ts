import * as z from 'zod'
import type { StatusTime, StatusTimes } from '../tasks/status-times.ts'
import type { Answer, Fault } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { idSchema, nameText, numberSchema, timeSchema } from './scalars.ts'

const totalSchema = z.looseObject({
  by_minute: numberSchema.transform((minutes) => Math.max(0, minutes ?? 0)),
  since: timeSchema.nullish().catch(null),
})
const currentAnswer = z.looseObject({ status: nameText, total_time: totalSchema })
const statusAnswer = currentAnswer.extend({
  type: nameText.nullish().catch(null),
  orderindex: numberSchema.optional(),
})
const taskAnswer = z.looseObject({ current_status: currentAnswer, status_history: z.array(z.unknown()).catch([]) })

/** What ClickUp told of some tasks, as it answered: what cannot be read of it is left out, and the others stand. */
export const parseTimesInStatus = (answers: Readonly<Record<string, unknown>>, asOf: number): StatusTimes[] =>
  Object.entries(answers).flatMap(([id, answer]) => {
    const taskId = idSchema.safeParse(id)
    const parsed = taskAnswer.safeParse(answer)
    if (!taskId.success || !parsed.success) return []
    const { current_status: current, status_history: history } = parsed.data
    return {
      taskId: taskId.data,
      asOf,
      current: {
        status: current.status,
        since: current.total_time.since ?? null,
        minutes: current.total_time.by_minute,
      },
      history: history.flatMap(statusTimeOf),
    }
  })

function statusTimeOf(answer: unknown): StatusTime[] {
  const { data } = statusAnswer.safeParse(answer)
  if (data === undefined) return []
  return [
    {
      status: data.status,
      type: data.type ?? null,
      minutes: data.total_time.by_minute,
      since: data.total_time.since ?? null,
      orderindex: data.orderindex ?? null,
    },
  ]
}

export type TimesInStatus = {
  /** By task id, as ClickUp answered. */
  answers: Record<string, unknown>
  /** Tasks that spoilt the answer for the others: they are not to be seen. */
  refused: string[]
}

/** The most ids of one call: https://developer.clickup.com/reference/getbulktasktimeinstatus */
export const MOST_IDS = 100

/** So many tasks that are refused one by one mean that all would be. */
const PROBES = 3

const mapAnswer = z.record(z.string(), z.unknown())

/** A refusal of what was asked for, and no fault of the moment. */
const isRefusal = (fault: Fault) => fault.kind === 'noAccess' || fault.kind === 'gone' || fault.kind === 'invalid'

/**
 * How long each of up to 100 tasks was in each status. `absent`: the workspace does not have the ClickApp that counts it. What
 * ClickUp answers then is not documented, nor whether one task that cannot be seen spoils the answer for a hundred; so a
 * refusal is followed by a few single questions, and only when all of them are refused is it taken to be absent.
 */
export async function timeInStatus(
  clickup: Pick<ClickUp, 'get'>,
  ids: readonly string[],
): Promise<Answer<TimesInStatus> | { kind: 'absent' }> {
  if (ids.length > MOST_IDS) throw new Error(`time in status: ${ids.length} ids, ${MOST_IDS} at most`)
  const value: TimesInStatus = { answers: {}, refused: [] }
  if (ids.length === 0) return { kind: 'ok', value, observedAt: 0 }
  let observedAt = Number.POSITIVE_INFINITY
  const pending: string[][] = [[...ids]]
  let isThere = false
  for (let some = pending.shift(); some !== undefined; some = pending.shift()) {
    const answer = await clickup.get(pathOf(some), mapAnswer)
    if (answer.kind === 'ok') {
      isThere = true
      observedAt = Math.min(observedAt, answer.observedAt)
      Object.assign(value.answers, answer.value)
      continue
    }
    if (!isRefusal(answer)) return answer
    if (some.length > 1) {
      pending.push(...(isThere ? halves(some) : [...some.slice(0, PROBES).map((id) => [id]), some.slice(PROBES)]))
      continue
    }
    value.refused.push(...some)
    if (!isThere && (value.refused.length === PROBES || value.refused.length === ids.length)) return { kind: 'absent' }
  }
  return { kind: 'ok', value, observedAt }
}

const halves = (ids: readonly string[]): string[][] => {
  const middle = Math.ceil(ids.length / 2)
  return [ids.slice(0, middle), ids.slice(middle)]
}

/** One id has an endpoint of its own, with an answer of another form; the bulk endpoint takes one as well. */
const pathOf = (ids: readonly string[]) =>
  `/task/bulk_time_in_status/task_ids?${ids.map((id) => `task_ids=${segment(id)}`).join('&')}`
