import { loadConnection } from '../../core/clickup/connection-record.ts'
import { createPauseWatch } from '../../core/pause/watch.ts'
import { createPace } from '../../core/platform/pace.ts'
import { createPublish } from '../../core/publish/bus.ts'
import { detailTypeOf } from '../../core/publish/detail-types.ts'
import { type ReplaySelection, recordedIn } from '../../core/replay/recorded.ts'
import { type Replayed, replay } from '../../core/replay/replay.ts'
import { newRunId } from '../../core/replay/run-id.ts'
import { createTaskStore } from '../../core/tasks/store.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted, noteUnreadable } from '../output/notes.ts'
import { inSteps } from '../output/steps.ts'
import { tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { durationText } from '../output/time.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import type { Target } from '../target.ts'
import { goOnWith, isoTime, periodOf } from './period.ts'
import type { ReplayOptions } from './replay-options.ts'

/** Fifty a second: an eighth of what EventBridge takes where it takes least, and what a subscriber's queue hardly feels. */
const PER_MINUTE = 3_000

/** Publishes changes of the ledger again. */
export async function replayLedger(io: Io, target: Target, options: ReplayOptions): Promise<void> {
  const { dynamo, tables } = target
  const { task, field, rate = PER_MINUTE, runId, dryRun } = options
  const selection: ReplaySelection = { ...periodOf(io, target, options), task, field }
  const ledger = { dynamo, table: tables.ledger }
  const { total, types, unreadable } = await count(io, ledger, selection)
  const run = runId ?? newRunId(io.now(), Math.random)
  const asked = { run, from: 'ledger', since: selection.since, until: selection.until, dryRun, total }
  if (total === 0 || dryRun) {
    if (options.json)
      return writeJson(io, { ...asked, done: 0, refused: 0, unreadable, next: selection.since, ended: 'done' })
    if (total === 0) io.write(`The ledger has no such change (${plain(target.label)}).\n`)
    else io.write(typesText(io, types))
    noteUnreadable(io, unreadable)
    return total === 0 ? undefined : io.note(`${counted(total, 'change')} would be published again. Nothing was sent.`)
  }
  await refuseWhilePaused(io, target)
  const lasting = total > rate ? `, ${rate} a minute, so for about ${durationText((total / rate) * 60_000)}` : ''
  const question = `Publish ${counted(total, 'change')} again to every subscriber of the bus (${plain(target.label)})${lasting}?`
  if (!(await confirm(io, options, question))) return io.note('Nothing was sent.')

  let done: Replayed = { published: 0, refused: 0, unreadable: 0, next: selection.since }
  const goOn = () =>
    goOnWith({
      ...{ since: isoTime(done.next), until: isoTime(selection.until), 'run-id': run, task, field },
      ...{ connection: options.connection, rate: options.rate, stage: options.stage, profile: options.profile },
      region: options.region,
    })
  const sofar = () => `${done.published + done.refused} of ${counted(total, 'change')}`
  const publish = createPublish({ client: await target.more.events(), busName: await target.busName() })
  const clock = { now: io.now }
  const sleep = sleepOf(io)
  const told = (line: string) => io.note(line)
  const log = { info: told, warn: told, error: told }
  const pause = createPauseWatch({ dynamo, table: tables.state, clock, log })
  const end = await inSteps(
    io,
    () => `${sofar()} were published. ${goOn()}`,
    (tell) =>
      replay(
        selection,
        run,
        {
          ...{ clock, sleep, ledger, publish, pace: createPace({ perMinute: rate, clock, sleep }) },
          tasks: createTaskStore({ dynamo, table: tables.tasks }),
          record: (connection) => loadConnection({ dynamo, table: tables.state }, connection),
          isPaused: async () => (await pause.look()).since !== null,
        },
        (told) => {
          done = told
          tell((done.published + done.refused) / total, `${sofar()}, run ${run}`)
        },
      ),
  )
  if (options.json) {
    const { published, ...rest } = done
    writeJson(io, { ...asked, done: published, ...rest, ended: end.kind === 'done' ? 'done' : 'stopped' })
  } else {
    io.write(`${counted(done.published, 'change')} published again, run ${run}.\n`)
    noteUnreadable(io, done.unreadable)
  }
  if (done.refused > 0) io.note(`The bus does not take ${counted(done.refused, 'change')} in this form.`)
  if (end.kind === 'paused') throw new Failure(`Somebody has paused Hookline: run npx hookline resume first. ${goOn()}`)
  if (end.kind === 'stopped') throw new Failure(`The bus takes nothing more (${plain(end.reason)}). ${goOn()}`)
}

async function count(io: Io, ledger: Parameters<typeof recordedIn>[0], selection: ReplaySelection) {
  const types = new Map<string, number>()
  let total = 0
  let unreadable = 0
  for await (const page of recordedIn(ledger, selection)) {
    unreadable += page.unreadable
    total += page.changes.length
    for (const type of page.changes.map(detailTypeOf)) types.set(type, (types.get(type) ?? 0) + 1)
    io.progress?.(`Looking through the ledger: ${counted(total, 'change')} ...`)
  }
  io.progress?.(null)
  return { total, types, unreadable }
}

function typesText(io: Io, types: ReadonlyMap<string, number>): string {
  const rows = [...types].sort(([, a], [, b]) => b - a).map(([type, number]) => [type, String(number)])
  const columns = [{ head: 'WHAT' }, { head: 'CHANGES', align: 'right' }] as const
  return tableText(columns, rows, { width: io.columns, paint: painter(io.colours) })
}
