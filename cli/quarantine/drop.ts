import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { createPace } from '../../core/platform/pace.ts'
import { grouped } from '../../core/quarantine/groups.ts'
import type { Quarantined } from '../../core/quarantine/quarantined.ts'
import type { Selection } from '../../core/quarantine/select.ts'
import { type Act, takeOut } from '../../core/quarantine/take-out.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { inSteps } from '../output/steps.ts'
import { painter, plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { lookFor, queuesOf } from './look.ts'
import { forJson, groupsText } from './texts.ts'

export type DropOptions = Selection & {
  json: boolean
  look: number
  max?: number | undefined
  /** The file for what is dropped; false for none. */
  copy: string | boolean
  dryRun: boolean
  yes: boolean
}

/** Nothing waits for it: SQS deletes as fast as it is asked. */
const UNHURRIED = 60_000

/** Deletes messages of the quarantine for ever, after a copy was written. */
export async function drop(io: Io, target: Target, options: DropOptions): Promise<void> {
  const queues = await queuesOf(target)
  const { messages, about } = await lookFor(io, queues, options, options.look)
  const chosen = messages.slice(0, options.max ?? messages.length)
  const file = copyFile(io, options)
  const answer = (dropped: number, missed: number) => ({
    ...{ about, chosen: chosen.length, dryRun: options.dryRun, dropped, missed, copy: dropped > 0 ? file : null },
  })
  if (!options.json && chosen.length > 0)
    io.write(groupsText(grouped(chosen), { width: io.columns, paint: painter(io.colours) }, io.now()))
  if (chosen.length === 0 || options.dryRun) {
    if (options.json) return writeJson(io, answer(0, 0))
    const what = counted(chosen.length, 'message')
    return io.write(
      chosen.length === 0
        ? `No such message was seen (${plain(target.label)}).\n`
        : `\nThis would delete ${what} (${plain(target.label)}). Nothing was changed.\n`,
    )
  }
  const loss = file === null ? ' for ever, without a copy' : `, with a copy in ${plain(file)}`
  if (!(await confirm(io, options, `Delete ${counted(chosen.length, 'message')}${loss} (${plain(target.label)})?`)))
    return io.note('Nothing was changed.')

  let dropped = 0
  const stopped = () => `${counted(dropped, 'message')} of ${chosen.length} were dropped.`
  const copy = file === null ? null : openCopy(file)
  try {
    const pace = createPace({ perMinute: UNHURRIED, clock: { now: io.now }, sleep: sleepOf(io) })
    const ids = chosen.map(({ id }) => id)
    const onlyCopied: Act = async (its) => {
      copy?.write(its)
      return its.map(() => null)
    }
    const result = await inSteps(io, stopped, (tell) =>
      takeOut(queues, ids, {
        ...{ act: onlyCopied, pace },
        onProgress: (done) => {
          dropped = done
          tell(done / chosen.length, `${done} of ${chosen.length} messages`)
        },
      }),
    )
    if (options.json) writeJson(io, answer(result.taken, result.missed + result.stayed))
    else
      io.write(`${counted(result.taken, 'message')} dropped${file === null ? '' : `; a copy is in ${plain(file)}`}.\n`)
    const left = result.missed + result.stayed
    if (left > 0) throw new Failure(`${counted(left, 'message')} could not be deleted: run this again in two minutes.`)
  } finally {
    copy?.close()
  }
}

function copyFile(io: Io, { copy }: DropOptions): string | null {
  if (copy === false) return null
  const time = new Date(io.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  return resolve(io.cwd, typeof copy === 'string' ? copy : `quarantine-${time}.ndjson`)
}

/** Only its owner may read it: it holds what people wrote. A message is on the disk before it is out of the queue. */
function openCopy(file: string) {
  let open: number
  try {
    open = openSync(file, 'a', 0o600)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new Failure(`The copy cannot be written (${plain(reason)}): name another file with --copy, or say --no-copy.`)
  }
  return {
    write(messages: readonly Quarantined[]) {
      const lines = messages.map((message) => {
        const attributes = Object.entries(message.attributes).map(([name, { StringValue }]) => [name, StringValue])
        return JSON.stringify({ ...forJson(message), attributes: Object.fromEntries(attributes), body: message.body })
      })
      writeSync(open, `${lines.join('\n')}\n`)
      fsyncSync(open)
    },
    close: () => closeSync(open),
  }
}
