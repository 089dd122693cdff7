import { createPartStore } from '../../core/process/found/parts.ts'
import { jobSender } from '../../core/sync/job.ts'
import type { CensusRun, SweepRun } from '../../core/sync/run.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { counted } from '../output/notes.ts'
import { repairsText } from '../output/repairs.ts'
import { CENSUS_PHASES, isWaiting, SWEEP_PHASES } from '../output/status/runs.ts'
import { censusJson, sweepJson } from '../output/status/status-json.ts'
import { painter, plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { askForRun } from './ask.ts'
import { connectedOf } from './connected.ts'
import { followRun, whileWatching } from './follow.ts'
import { notEnded, noteAsked } from './outcome.ts'
import { storedRuns } from './stored-runs.ts'
import { countedText, sweptText } from './sync-texts.ts'

export type SyncOptions = {
  connection?: string | undefined
  census: boolean
  wait: boolean
  json: boolean
  utc: boolean
}

/** One run of the command, for one connection. */
type Syncing = {
  io: Io
  target: Target
  connection: string
  stage: string
  runs: ReturnType<typeof storedRuns>
  sendJob: ReturnType<typeof jobSender>
  wait: boolean
}

/** Sweeps, and with `census` counts every list after it. @throws Failure when either did not come to its end */
export async function sync(io: Io, target: Target, options: SyncOptions): Promise<void> {
  const { connection, record } = await connectedOf(target, options.connection)
  const { jobs, stage } = await target.home()
  const runs = storedRuns(target, connection)
  const { wait } = options
  const syncing: Syncing = { io, target, connection, stage, runs, sendJob: jobSender(target.sqs, jobs), wait }
  const write = (answer: object) => io.write(`${JSON.stringify({ target: target.label, connection, ...answer })}\n`)
  if (!wait) {
    const sweep = await askForSweep(syncing)
    const census = options.census ? await askForCensus(syncing) : null
    if (options.json) write({ asked: { sweep: sweep.kind, census: census?.kind ?? null } })
    else
      io.write(
        `The sweep of ${connection}${options.census ? ' and its census are' : ' is'} on the way: npx hookline status\n`,
      )
    return
  }
  await whileWatching(io, `What was begun goes on by itself: npx hookline status`, async () => {
    const swept = await sweepOf(syncing)
    const pen = { paint: painter(io.colours), style: { now: io.now(), utc: options.utc } }
    if (!options.json) io.write(sweptText(swept, record, pen))
    // A sweep that has stopped is answered first: the census would meet the same.
    const counted = options.census && swept.phase === 'done' ? await censusOf(syncing) : null
    if (options.json) {
      const { watermark } = swept
      const sweep = { ...sweepJson(swept), repaired: swept.phase === 'done' ? (swept.last?.repaired ?? null) : null }
      write({ watermark: watermark || null, sweep, census: counted === null ? null : censusJson(counted) })
    } else if (counted !== null) io.write(`${countedText(counted)}\n`)
    for (const [name, run] of [
      ['sweep', swept],
      ['census', counted],
    ] as const)
      if (run !== null && run.phase !== 'done') throw ended(name, run, connection)
  })
}

const ended = (what: string, { phase, note }: SweepRun | CensusRun, connection: string) =>
  new Failure(
    `The ${what} of ${connection} was ${phase}: ${plain(note ?? 'for no stated reason')} (npx hookline status).`,
  )

async function askForSweep({ io, connection, runs, sendJob, wait }: Syncing) {
  const asked = await askForRun(await runs.sweep.load(), { job: 'sweep', connection }, sendJob, io.now())
  noteAsked(io, 'sweep', asked, { wait })
  return asked
}

async function askForCensus({ io, connection, runs, sendJob, wait }: Syncing) {
  const job = { job: 'census', connection, everything: true } as const
  const asked = await askForRun(await runs.census.load(), job, sendJob, io.now())
  noteAsked(io, 'census', asked, { wait })
  return asked
}

async function sweepOf(syncing: Syncing): Promise<SweepRun> {
  const { io, target, connection, runs } = syncing
  const asked = await askForSweep(syncing)
  const former = asked.kind === 'asked' ? (asked.former?.run ?? null) : null
  const parts = createPartStore({ dynamo: target.dynamo, table: target.tables.state, connection })
  const run = await followRun(io, runs.sweep.load, former, async (run) => {
    if (run === null) return 'Sweep: waiting for it to begin ...'
    const { phase, pages, calls, note } = run
    const found = await parts.load('sweep')
    const repaired = found?.run === run.run ? repairsText(found) : null
    return [
      `Sweep: ${SWEEP_PHASES[phase]}`,
      ...(pages > 0 ? [counted(pages, 'page')] : []),
      counted(calls, 'call'),
      ...(repaired === null ? [] : [`repaired ${repaired}`]),
      ...(note === null || isWaiting(note) ? [] : [plain(note)]),
    ].join(', ')
  })
  if (run !== null) return run
  throw notEnded({ ...syncing, what: 'sweep' }, newerThan(former, await runs.sweep.load()))
}

/** Every list: one of a part of them that goes on already is waited for first. */
async function censusOf(syncing: Syncing): Promise<CensusRun> {
  const { io, runs } = syncing
  for (;;) {
    const asked = await askForCensus(syncing)
    const former = asked.kind === 'asked' ? (asked.former?.run ?? null) : null
    const run = await followRun(io, runs.census.load, former, (run) => {
      if (run === null) return 'Census: waiting for it to begin ...'
      const { phase, lists, countedLists, countedTasks, calls, note } = run
      const counts = `${countedLists} of ${counted(countedLists + lists.length, 'list')}, ${counted(countedTasks, 'task')}`
      return `Census: ${CENSUS_PHASES[phase]}, ${counts}, ${counted(calls, 'call')}${note === null || isWaiting(note) ? '' : `, ${plain(note)}`}`
    })
    if (run === null) throw notEnded({ ...syncing, what: 'census' }, newerThan(former, await runs.census.load()))
    if (asked.kind === 'asked') return run
    io.note('That census has ended; now every list is counted.')
  }
}

const newerThan = <Run extends { run: string }>(former: string | null, run: Run | null) =>
  run !== null && run.run !== former ? run : null
