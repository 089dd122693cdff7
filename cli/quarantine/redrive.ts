import { createPace } from '../../core/platform/pace.ts'
import { grouped } from '../../core/quarantine/groups.ts'
import type { Selection } from '../../core/quarantine/select.ts'
import { sendBack } from '../../core/quarantine/send-back.ts'
import { takeOut } from '../../core/quarantine/take-out.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { inSteps } from '../output/steps.ts'
import { painter, plain } from '../output/text.ts'
import { durationText } from '../output/time.ts'
import { deliveriesPerMinute } from '../replay/rate.ts'
import type { Target } from '../target.ts'
import { lookFor, queuesOf } from './look.ts'
import { groupsText } from './texts.ts'

export type RedriveOptions = Selection & {
  json: boolean
  look: number
  max?: number | undefined
  rate?: number | undefined
  dryRun: boolean
  yes: boolean
}

/** Sends messages of the quarantine to the deliveries queue again, each in its own form. */
export async function redrive(io: Io, target: Target, options: RedriveOptions): Promise<void> {
  const queues = await queuesOf(target)
  const { messages, about } = await lookFor(io, queues, options, options.look)
  const chosen = messages.slice(0, options.max ?? messages.length)
  const rate = options.rate ?? (await deliveriesPerMinute(io, target, target.connections))
  const nothing = { taken: 0, stayed: 0, refused: [], missed: 0 }
  const answer = (result: typeof nothing | Awaited<ReturnType<typeof takeOut>>) => {
    const { taken, stayed, refused, missed } = result
    return {
      about,
      chosen: chosen.length,
      rate,
      dryRun: options.dryRun,
      sentBack: taken + stayed,
      stayed,
      refused,
      missed,
    }
  }
  if (!options.json && chosen.length > 0)
    io.write(groupsText(grouped(chosen), { width: io.columns, paint: painter(io.colours) }, io.now()))
  const what = `${counted(chosen.length, 'message')}, ${rate} a minute${lasting(chosen.length, rate)}`
  if (chosen.length === 0 || options.dryRun) {
    if (options.json) return writeJson(io, answer(nothing))
    return io.write(
      chosen.length === 0
        ? `No such message was seen (${plain(target.label)}).\n`
        : `\nThis would send ${what} to the deliveries queue (${plain(target.label)}). Nothing was changed.\n`,
    )
  }
  if (!(await confirm(io, options, `Send ${what} to the deliveries queue (${plain(target.label)})?`)))
    return io.note('Nothing was changed.')

  const clock = { now: io.now }
  const pace = createPace({ perMinute: rate, clock, sleep: sleepOf(io) })
  let sent = 0
  const stopped = () =>
    `${counted(sent, 'message')} of ${chosen.length} were sent. The others are in the quarantine; the last few show again within two minutes.`
  const ids = chosen.map(({ id }) => id)
  const result = await inSteps(io, stopped, (tell) =>
    takeOut(queues, ids, {
      ...{ act: sendBack(queues, clock), pace },
      onProgress: (done) => {
        sent = done
        tell(done / chosen.length, `${done} of ${chosen.length} messages, ${rate} a minute`)
      },
    }),
  )
  if (options.json) writeJson(io, answer(result))
  else io.write(`${counted(result.taken + result.stayed, 'message')} sent to the deliveries queue.\n`)
  if (result.stayed > 0)
    io.note(
      `${counted(result.stayed, 'message')} could not be deleted and will show again: sent twice, they do no harm.`,
    )
  if (result.missed > 0)
    io.note(`${counted(result.missed, 'message')} were not seen again: gone, or somebody else is looking at them.`)
  const [first] = result.refused
  if (first !== undefined)
    throw new Failure(
      `The deliveries queue refused ${counted(result.refused.length, 'message')} (${plain(first.reason)}), which stayed in the quarantine: run this again.`,
    )
}

const lasting = (count: number, rate: number) =>
  count > rate ? `, so for about ${durationText((count / rate) * 60_000)}` : ''
