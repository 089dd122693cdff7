import { fileURLToPath } from 'node:url'
import { isFiltered } from '../../core/ingest/filter.ts'
import { ConnectError } from '../connect.ts'
import { LOCAL_FILE, runningElsewhere } from '../local-file.ts'
import { StackError } from '../stack/errors.ts'
import { digestSince } from './digest.ts'
import { LOG_FILE } from './header.ts'
import { type Interrupt, listenForInterrupt } from './interrupt.ts'
import { runLive } from './live.ts'
import { runOnce } from './once.ts'
import type { StartOptions } from './options.ts'
import { paintFor } from './paint.ts'
import { SCENARIO_FAULTS } from './scenario.ts'
import { findings, isFaultless, jsonLine, readable } from './summary.ts'
import { type LocalSystem, startLocal } from './system.ts'
import { GaveUp } from './until.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const DETAILS = `${PROJECT}${LOCAL_FILE}`
const ONCE_LOG_FILE = '.hookline/once.log'

type Terminal = { isTTY?: boolean; columns?: number; write(text: string): unknown }
export type Surroundings = { env: Record<string, string | undefined>; stdout: Terminal; stderr: Terminal }

/** What a shell calls a program that Ctrl-C has ended. */
export const INTERRUPTED = 130

/** Runs what was asked for, to its end. @returns the exit status */
export async function run(options: StartOptions, surroundings: Surroundings): Promise<number> {
  const complain = (line: string) => surroundings.stderr.write(`${line}\n`)
  const clickup = outsideClickUp(surroundings.env)
  if (clickup === 'incomplete') {
    complain('CLICKUP_API_URL needs CLICKUP_API_TOKEN beside it')
    return 2
  }
  if (clickup !== undefined && options.mode === 'once') {
    complain('--once compares with the log of the fake ClickUp: unset CLICKUP_API_URL for it')
    return 2
  }
  const elsewhere = options.mode === 'live' ? runningElsewhere(DETAILS) : null
  if (elsewhere !== null) {
    complain(`Hookline runs here already, as process ${elsewhere}: see ${LOCAL_FILE}`)
    return 1
  }
  const interrupt = listenForInterrupt(INTERRUPTED)
  try {
    return await runSystem({ options, clickup, interrupt }, surroundings)
  } catch (error) {
    // Ctrl-C reaches the processes that were under way, too, and what they die of is not worth a word.
    if (interrupt.hasHappened()) return INTERRUPTED
    if (!(error instanceof StackError || error instanceof ConnectError || error instanceof GaveUp)) throw error
    complain(error.message.replaceAll('\n', ' '))
    return 1
  }
}

type Task = {
  options: StartOptions
  clickup: { url: string; token: string } | undefined
  interrupt: Interrupt
}

async function runSystem({ options, clickup, interrupt }: Task, around: Surroundings): Promise<number> {
  const { mode, seed, port, breaks } = options
  const quiet = mode === 'once' && options.json
  const note = (line: string) => quiet || around.stderr.write(`${line}\n`)
  if (breaks !== null) note('Deduplication is switched off, on purpose.')
  const system = await startLocal({
    ...{ seed, port, breaks, clickup },
    ...(mode === 'live'
      ? { file: DETAILS, logFile: `${PROJECT}${LOG_FILE}` }
      : // No details: over in half a minute, and it must not stand in the way of a system that stays up.
        { plan: 'Enterprise', faults: SCENARIO_FAULTS, logFile: `${PROJECT}${ONCE_LOG_FILE}` }),
    onStep: (step) => note(`${step} ...`),
  })
  try {
    if (interrupt.hasHappened()) return INTERRUPTED
    if (mode === 'once' && isFiltered(system.configured.connection)) {
      const { name } = system.configured.connection
      around.stderr.write(
        `--once compares with all that happened: run it without the filter of the connection ${name}\n`,
      )
      return 1
    }
    if (mode === 'live') return await live(system, options, { ...around, interrupt })
    return await Promise.race([once(system, options, around), interrupt.happened.then(() => INTERRUPTED)])
  } finally {
    await system.close()
  }
}

async function live(system: LocalSystem, { seed }: StartOptions, around: Surroundings & { interrupt: Interrupt }) {
  const { stdout, env } = around
  const showing = await runLive(system, {
    seed,
    width: stdout.columns ?? 100,
    paint: paintFor(stdout, env),
    write: (line) => stdout.write(`${line}\n`),
  })
  await around.interrupt.happened
  around.stderr.write('\nStopping ...\n')
  await showing.stop()
  return 0
}

async function once(system: LocalSystem, { seed, changes, json }: StartOptions, { stdout, stderr }: Surroundings) {
  const onRound = (made: number) => json || stderr.write(`${made} changes made and through ...\n`)
  const began = Date.now()
  const report = await runOnce(system, { seed, changes, onRound })
  if (!json) {
    for (const line of readable(report)) stdout.write(`${line}\n`)
    for (const line of await digestSince(system, began, Date.now())) stdout.write(`${line}\n`)
    stdout.write('\n')
  }
  for (const line of findings(report)) stderr.write(`${line}\n`)
  stdout.write(`${jsonLine(report)}\n`)
  return isFaultless(report) ? 0 : 1
}

function outsideClickUp(env: Surroundings['env']): { url: string; token: string } | 'incomplete' | undefined {
  const { CLICKUP_API_URL: url, CLICKUP_API_TOKEN: token } = env
  if (!url) return undefined
  return token ? { url: url.replace(/\/+$/, ''), token } : 'incomplete'
}
