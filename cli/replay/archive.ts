import type { ArchivePlace } from '../../core/archive/store.ts'
import { createPace } from '../../core/platform/pace.ts'
import { createMailbox } from '../../core/process/messages.ts'
import { type RawReplayed, rawDeliveries, replayRaw, type Send } from '../../core/replay/raw.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted, noteUnreadable } from '../output/notes.ts'
import { inSteps } from '../output/steps.ts'
import { plain } from '../output/text.ts'
import { durationText } from '../output/time.ts'
import type { Target } from '../target.ts'
import { goOnWith, isoTime, periodOf } from './period.ts'
import { deliveriesPerMinute } from './rate.ts'
import type { ReplayOptions } from './replay-options.ts'

/** Sends archived deliveries to the deliveries queue again. While Hookline is paused they wait there like all others. */
export async function replayArchive(io: Io, target: Target, options: ReplayOptions): Promise<void> {
  const period = periodOf(io, target, options)
  const bucket = await target.archiveBucket()
  if (bucket === null)
    throw new Failure(
      'This stage keeps no raw deliveries: set archive in hookline.config.ts for those to come, and deploy.',
    )
  const archive: ArchivePlace = { s3: await target.more.s3(), bucket }
  const { total, unreadable } = await count(io, archive, period)
  const rate = options.rate ?? (await deliveriesPerMinute(io, target, period.connections))
  const asked = { run: null, from: 'raw', since: period.since, until: period.until, dryRun: options.dryRun, total }
  if (total === 0 || options.dryRun) {
    const nothing = { done: 0, refused: 0, unreadable, next: period.since, ended: 'done' }
    if (options.json) return writeJson(io, { ...asked, ...nothing })
    const found =
      total === 0
        ? 'The archive has no such delivery'
        : `This would send ${counted(total, 'archived delivery', 'archived deliveries')}`
    io.write(
      `${plain(found)}${total === 0 ? '' : `, ${rate} a minute, to the deliveries queue`} (${plain(target.label)}).\n`,
    )
    return noteUnreadable(io, unreadable)
  }
  const lasting = total > rate ? `, so for about ${durationText((total / rate) * 60_000)}` : ''
  const what = `${counted(total, 'archived delivery', 'archived deliveries')}, ${rate} a minute${lasting}`
  if (!(await confirm(io, options, `Send ${what}, to the deliveries queue (${plain(target.label)})?`)))
    return io.note('Nothing was sent.')

  const clock = { now: io.now }
  const pace = createPace({ perMinute: rate, clock, sleep: sleepOf(io) })
  const send = await sender(target)
  let sent = 0
  let refusal: string | null = null
  const done: RawReplayed = { sent: 0, unreadable: 0, next: period.since }
  let at: string | undefined
  const goOn = () => {
    // Connections are worked off one after the other: those that are over need not be gone through again.
    const left = period.connections.slice(period.connections.indexOf(at ?? ''))
    const [next, ...others] = left
    const whole = others.length === 0 ? '' : `, then ${others.join(', ')} from --since ${isoTime(period.since)} on`
    const { stage, profile, region } = options
    const until = isoTime(period.until)
    return `${goOnWith({ from: 'raw', since: isoTime(done.next), until, connection: next, rate: options.rate, stage, profile, region })}${whole}`
  }
  await inSteps(
    io,
    () => `${sent + done.sent} of ${counted(total, 'delivery', 'deliveries')} were sent. ${goOn()}`,
    async (tell) => {
      for (const connection of period.connections) {
        at = connection
        // Told of the one before: to begin there would leave this one out.
        done.next = period.since
        refusal = await replayRaw({ ...period, connection }, { archive, send, pace, clock }, (told) => {
          Object.assign(done, told)
          tell((sent + done.sent) / total, `${sent + done.sent} of ${total} deliveries, ${rate} a minute`)
        })
        if (refusal !== null) return
        sent += done.sent
        done.sent = 0
      }
    },
  )
  const all = sent + done.sent
  const ended = refusal === null ? 'done' : 'stopped'
  if (options.json) writeJson(io, { ...asked, done: all, refused: 0, unreadable, next: done.next, ended })
  else io.write(`${counted(all, 'delivery', 'deliveries')} sent to the deliveries queue.\n`)
  if (refusal !== null) throw new Failure(`The deliveries queue refuses messages (${plain(refusal)}). ${goOn()}`)
}

async function count(io: Io, archive: ArchivePlace, { connections, since, until }: ReturnType<typeof periodOf>) {
  let total = 0
  let unreadable = 0
  for (const connection of connections) {
    for await (const page of rawDeliveries(archive, { connection, since, until })) {
      total += page.deliveries.length
      unreadable += page.unreadable
      io.progress?.(`Looking through the archive: ${counted(total, 'delivery', 'deliveries')} ...`)
    }
  }
  io.progress?.(null)
  return { total, unreadable }
}

async function sender({ sqs, queues }: Target): Promise<Send> {
  const mailbox = createMailbox(sqs, await queues())
  return (messages) => mailbox.sendAgain(messages.map((message) => ({ message, delaySeconds: 0 })))
}
