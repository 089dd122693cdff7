import * as z from 'zod'
import { SNAPSHOT_SK } from '../../../core/tasks/store.ts'
import { TABLES } from '../../virtual/aws/tables.ts'
import type { Variation } from '../../virtual/variation.ts'
import type { Subject } from '../subject.ts'
import { CONSUMER_BREAKS } from './consumer-breaks.ts'
import { consumerPlay } from './consumer-stage.ts'
import { MINUTE, SECOND, smallWorkspace } from './sync-stage.ts'

const SPOILT_AT = 30 * MINUTE
/** What the bus does not take. */
const REFUSED = 'the bus takes offence at this'

/**
 * A busy minute: changes with their twins, each delivered twice, a task that changes again right after it was read, one that
 * is made and one that is deleted, a place that is renamed; and three things that cannot succeed.
 */
export const consumerLive: Subject = {
  name: 'consumer-live',
  title: 'changes, twins, duplicates, looks, deletions, and what ends in quarantine',
  containers: ['container '],
  breaks: CONSUMER_BREAKS,
  play(given) {
    const spoilt: string[] = []
    const made: string[] = []
    const stage = smallWorkspace({ ...given, maxConcurrency: 2, variation: spoiling(given.variation, spoilt) })
    const { run, somebody, task, at, nextStatus } = stage
    const { world, faults } = run.clickup
    const [list] = world.lists()
    faults.duplicates = 1
    at(SECOND, () => {
      nextStatus(task(0))
      world.comment(somebody, task(0), 'first')
      world.setPriority(somebody, task(1), 1)
      if (list !== undefined) world.renameList(somebody, list.id, 'Renamed')
    })
    at(2 * SECOND, () => {
      faults.duplicates = 0
    })
    at(4 * SECOND, () => {
      nextStatus(task(0))
      const end = world.now() - SECOND
      world.trackTime(somebody, { taskId: task(2), start: end - MINUTE, end })
    })
    at(15 * SECOND, () => nextStatus(task(4)))
    at(30 * SECOND, () => {
      world.deleteTask(somebody, task(3))
      if (list !== undefined) made.push(world.createTask(somebody, { listId: list.id, name: 'New' }).id)
    })
    // Long after, so that whatever was disturbed of the same task is over.
    at(SPOILT_AT, () => {
      run.queue.put('none of our messages')
      spoilt.push(task(4))
      nextStatus(task(4))
      world.rename(somebody, task(5), REFUSED)
    })
    // Not the two that nobody can read or publish.
    const taskIds = () => [task(0), task(1), task(2), task(3), ...made]
    return consumerPlay(stage, { lastAct: SPOILT_AT + SECOND, longest: SPOILT_AT + 40 * MINUTE }, taskIds)
  },
}

const answersSchema = z.looseObject({
  Responses: z.record(z.string(), z.array(z.looseObject({ pk: z.string(), sk: z.string() }))),
})
const entriesSchema = z.looseObject({ Entries: z.array(z.looseObject({ Detail: z.string() })) })
const putSchema = z.looseObject({ Entries: z.array(z.unknown()) })

/** Next to AWS: tasks whose snapshot nobody can read, and a bus that refuses a change for its form. */
function spoiling(given: Variation | undefined, spoilt: readonly string[]): Variation {
  const own: NonNullable<Variation['through']> = async (call, next) => {
    if (call.name === 'BatchGetItem') {
      const output = await next(call)
      const { Responses, ...rest } = answersSchema.parse(output)
      const items = Responses[TABLES.tasks]?.map((item) =>
        item.sk === SNAPSHOT_SK && spoilt.some((id) => item.pk.endsWith(`#${id}`)) ? { ...item, state: 7 } : item,
      )
      return items === undefined ? output : { ...rest, Responses: { ...Responses, [TABLES.tasks]: items } }
    }
    if (call.name !== 'PutEvents') return next(call)
    const { Entries, ...rest } = entriesSchema.parse(call.input)
    const isRefused = Entries.map(({ Detail }) => Detail.includes(REFUSED))
    const taken = Entries.filter((_, i) => isRefused[i] !== true)
    const input = { ...rest, Entries: taken }
    const answers = taken.length === 0 ? [] : putSchema.parse(await next({ ...call, input })).Entries
    const left = [...answers]
    return {
      FailedEntryCount: Entries.length - taken.length,
      Entries: isRefused.map((is) => (is ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'no JSON' } : left.shift())),
    }
  }
  return {
    ...given,
    through: (call, next, container) =>
      given?.through?.(call, (last) => own(last, next, container), container) ?? own(call, next, container),
  }
}
