import { endPause } from '../../core/pause/change.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { plain } from '../output/text.ts'
import { durationText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { goOn } from './go-on.ts'
import { type Switched, switchMappings } from './mappings.ts'

export type ResumeOptions = { json: boolean }

/**
 * Ends the pause, has Lambda poll the queues again, and asks for what stood still to be gone on with.
 * @throws Failure when the queues are still left alone: then nothing is worked off
 */
export async function resume(io: Io, target: Target, { json }: ResumeOptions): Promise<void> {
  const { label, dynamo, tables } = target
  const changed = await endPause({ dynamo, table: tables.state }, io.now())
  const switched = await switchMappings(io, target, true)
  if (changed.kind === 'changed') await goOn(target)
  const [latest] = changed.pause.past
  const pausedMs = changed.kind === 'changed' && latest !== undefined ? latest.to - latest.from : null
  if (json) {
    const queues = switched.mappings.map(({ queue, state }) => ({ queue, state }))
    writeJson(io, { target: label, changed: changed.kind === 'changed', pausedMs, queues })
  } else if (pausedMs === null) io.write(`It was not paused (${plain(label)}).\n`)
  else {
    io.write(`Resumed after ${durationText(pausedMs)} (${plain(label)}).\n`)
    io.write('What waits is worked off within the budget: npx hookline status\n')
  }
  if (switched.kind !== 'switched') throw new Failure(sentence(switched))
}

function sentence(switched: Exclude<Switched, { kind: 'switched' }>): string {
  if (switched.kind === 'overtaken')
    return 'Somebody has paused it again meanwhile, so nothing is worked off: npx hookline status says who, and why.'
  const left = switched.mappings.filter(({ state }) => state !== 'Enabled').map(({ queue }) => queue)
  const which = left.length === 0 ? 'the queues' : `the queues ${left.join(', ')}`
  if (switched.kind === 'slow') return `Lambda does not poll ${which} yet: run npx hookline resume again in a minute.`
  return `Lambda could not be told to poll ${which} (${switched.reason}): nothing is worked off until it does. Get the right lambda:UpdateEventSourceMapping and run npx hookline resume again, or enable the triggers in Lambda's console.`
}
