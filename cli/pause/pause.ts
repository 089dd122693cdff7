import { beginPause } from '../../core/pause/change.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { plain } from '../output/text.ts'
import { agoText, timeText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { type Switched, switchMappings } from './mappings.ts'

export type PauseOptions = {
  reason?: string | undefined
  by: string
  yes: boolean
  json: boolean
  utc: boolean
}

/**
 * Pauses the stage: writes it down, which is what counts, and has Lambda leave the queues alone.
 * @throws Failure when somebody has resumed it meanwhile
 */
export async function pause(io: Io, target: Target, options: PauseOptions): Promise<void> {
  const { label, dynamo, tables } = target
  const question = `Pause ${label}? Nothing is published and ClickUp is not asked until npx hookline resume`
  if (!(await confirm(io, options, question))) return io.note('Nothing was changed.')
  const { by, reason = null } = options
  const changed = await beginPause({ dynamo, table: tables.state }, { by, reason, now: io.now() })
  const switched = await switchMappings(io, target, false)
  const { since, ...said } = changed.pause
  if (options.json) {
    const queues = switched.mappings.map(({ queue, state }) => ({ queue, state }))
    writeJson(io, {
      target: label,
      changed: changed.kind === 'changed',
      since,
      by: said.by,
      reason: said.reason,
      queues,
    })
  } else {
    const at = since ?? io.now()
    const style = { now: io.now(), utc: options.utc }
    const was =
      changed.kind === 'changed' ? 'Paused' : `Paused already, since ${timeText(at, style)} (${agoText(at, style.now)})`
    const why = said.reason === null ? '' : `: ${plain(said.reason)}`
    io.write(`${was}, by ${plain(said.by)}${why} (${plain(label)}).\n`)
    io.write('Deliveries go on being accepted and wait in the queue, for 14 days. Go on with: npx hookline resume\n')
  }
  noteSwitched(io, switched)
}

function noteSwitched(io: Io, switched: Switched): void {
  if (switched.kind === 'switched') return
  if (switched.kind === 'overtaken')
    throw new Failure(
      'Somebody has resumed it meanwhile, so it is not paused now: npx hookline status shows how it is.',
    )
  const looks = 'It is paused all the same: what arrives is looked at and put off every 15 minutes.'
  if (switched.kind === 'slow') io.note(`Lambda is still about to leave the queues alone. ${looks}`)
  else io.note(`Lambda could not be told to leave the queues alone (${switched.reason}). ${looks}`)
}
