import { systemClock } from '../../core/platform/clock.ts'
import type { Notice } from '../../core/publish/notice.ts'
import { jobSender } from '../../core/sync/job.ts'
import type { AlarmChange } from '../aws/cloudwatch/notification.ts'
import { type Work, work } from '../clickup/people.ts'
import { createRandom } from '../clickup/random.ts'
import { percentiles } from './figures.ts'
import { header } from './header.ts'
import { clip, type Paint } from './paint.ts'
import { depthOf, subscribe } from './subscriber.ts'
import type { LocalSystem } from './system.ts'
import { clockTime, createTable } from './table.ts'

/** People's acts a second: each can be read as it passes, and the API is not asked more than the plan allows. */
const ACTS_PER_SECOND = 0.8
const SUMMARY_EVERY_MS = 30_000
/** Latencies that a summary speaks of. */
const RECENT = 500

export type LiveOptions = {
  seed: number
  width: number
  paint: Paint
  write: (line: string) => void
}

export type Live = { stop(): Promise<void> }

/** Lets people work in the demo workspace and shows what comes through, until it is stopped. */
export async function runLive(system: LocalSystem, options: LiveOptions): Promise<Live> {
  const { clickup, clients, details } = system
  const { write, paint } = options
  const table = createTable(options.width, paint)
  const latencies: number[] = []
  let changes = 0

  for (const line of header(system, { paint, taskId: exampleTask(system) })) write(line)
  for (const line of table.heading()) write(line)

  const subscriber = await subscribe(clients, {
    name: 'hookline-live',
    busName: details.busName,
    onArrival(arrival) {
      changes += 1
      latencies.push(arrival.at - arrival.event.receivedAt)
      if (latencies.length > RECENT) latencies.shift()
      write(table.row(arrival))
    },
    onNotice: (notice) =>
      write(paint('dim', clip(`── ${clockTime(Date.now())}  ${noticeText(notice)}`, options.width))),
  })
  const stopAlarms = system.gateway.cloudwatch.onChange((change) => {
    const text = alarmText(change)
    const line = clip(`── ${clockTime(Date.now())}  ${text}`, options.width)
    if (text !== null) write(paint(change.to === 'ALARM' ? 'red' : 'dim', line))
  })
  // The first one by the clock is five minutes away, and an alarm is about there being none.
  await system.stack.schedules.find(({ path }) => path.startsWith('Pulse/'))?.fire()
  // What was there before is read as `hookline connect` would have it read; sweeps come by their schedule.
  const { jobs } = details.queues
  if (jobs !== undefined)
    await jobSender(clients.sqs, jobs)({ job: 'backfill', connection: details.connection, reason: 'asked' })

  async function summary(): Promise<void> {
    const [waiting, quarantined] = await Promise.all([
      depthOf(clients.sqs, details.queues.deliveries),
      depthOf(clients.sqs, details.queues.quarantine),
    ])
    const { p50, p99 } = percentiles(latencies)
    const parts = [
      `${changes} changes${clickup === null ? '' : `, ${countOf(clickup, 'attempt')} deliveries`}`,
      ...(latencies.length === 0 ? [] : [`ms p50 ${Math.round(p50)} p99 ${Math.round(p99)}`]),
      ...(clickup === null ? [] : [`${countOf(clickup, 'call')} API calls`]),
      `queued ${waiting}`,
      `quarantined ${quarantined}`,
    ]
    write(paint('dim', clip(`── ${clockTime(Date.now())}  ${parts.join(' · ')}`, options.width)))
  }

  const timer = setInterval(() => {
    // In the moment of closing there is nothing left to ask.
    summary().catch(() => undefined)
  }, SUMMARY_EVERY_MS)
  const people = clickup === null ? null : startPeople(clickup, options.seed)

  return {
    async stop() {
      clearInterval(timer)
      stopAlarms()
      people?.stop()
      await subscriber.close()
    },
  }
}

function noticeText({ detailType, detail }: Notice): string {
  switch (detailType) {
    case 'Backfill Completed':
      return `the history is there: ${detail.tasks} tasks, ${detail.timeEntries} time entries`
    case 'Hookline Synced':
      return `swept: everything recoverable before ${clockTime(detail.watermark)} is there, ${detail.repaired.changes} changes repaired`
    case 'Summary Created':
      return `told: ${detail.name} of ${detail.on}, ${detail.statements.length} statements by ${detail.by.model ?? 'template'}`
  }
}

/** Null for what nobody has to know: that an alarm has been looked at for the first time, and is quiet. */
function alarmText({ alarm, from, to }: AlarmChange): string | null {
  if (to === 'ALARM') return `alarm ${alarm.name}: ${alarm.description.split('\n')[0] ?? ''}`
  return from === 'ALARM' ? `the alarm ${alarm.name} is over` : null
}

type Fake = NonNullable<LocalSystem['clickup']>

const startPeople = ({ world }: Fake, seed: number): Work =>
  work({
    world,
    random: createRandom(seed).fork('people'),
    clock: systemClock,
    ratePerSecond: ACTS_PER_SECOND,
  })

const countOf = ({ log }: Fake, kind: 'attempt' | 'call') => log.entries().filter((entry) => entry.kind === kind).length

/** A task that is there to be looked at. */
const exampleTask = ({ clickup }: LocalSystem) => clickup?.world.tasks().at(-1)?.id ?? 'TASK_ID'
