import { fileURLToPath } from 'node:url'
import { ENV } from '../../core/platform/env-names.ts'
import { createDriver } from '../check/drive.ts'
import { filteredText } from '../check/filtered.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../check/settings.ts'
import { createWitness } from '../check/witness.ts'
import { quiet } from '../start/quiet.ts'
import { subscribe } from '../start/subscriber.ts'
import { startLocal } from '../start/system.ts'
import { breakTruth } from './breaks.ts'
import { compareStory } from './compare.ts'
import { type TruthOptions, WHOLE_STORY_FROM } from './options.ts'
import { findingsText, isFaultless, jsonLine, readable } from './report.ts'
import { play } from './story.ts'

type Output = { write(text: string): unknown }

const LOG_FILE = fileURLToPath(new URL('../../.hookline/truth.log', import.meta.url))

/** Runs the check to its end. @returns the exit status @throws StackError, ConnectError, GaveUp */
export async function runCheck(
  { seed, changes, json, breaks }: TruthOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const seconds = () => Math.round((performance.now() - begun) / 1_000)
  const note = (line: string) => json || stderr.write(`${String(seconds()).padStart(4)} s  ${line} ...\n`)
  if (breaks !== null) note(`Broken on purpose: ${breaks}`)
  const isWhole = changes >= WHOLE_STORY_FROM
  const system = await startLocal({
    seed,
    plan: 'Enterprise',
    faults: { latencyMs: { min: 1, max: 5 }, reorderingMs: 200, duplicates: 0.1 },
    // All of them are read first.
    ...(isWhole ? {} : { mostInAList: 5 }),
    logFile: LOG_FILE,
    outside: {
      [ENV.syncSettings]: JSON.stringify(SYNC_SETTINGS),
      [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
    },
    onStep: note,
  })
  try {
    const { clickup, clients, details, connected, configured } = system
    if (clickup === null) throw new Error('Only the fake ClickUp has a log to compare with')
    const filtered = filteredText(configured)
    if (filtered !== null) {
      stderr.write(`${filtered}\n`)
      return 1
    }
    if (breaks !== null) breakTruth(system.gateway, details, breaks)
    const subscriber = await subscribe(clients, { name: 'hookline-truth', busName: details.busName })
    const witness = createWitness(clickup)
    const driver = createDriver(system, clickup, (job) => job === breaks)
    const userId = Number(connected.user.id)
    const since = clickup.log.next()
    const chapters = await play({ clickup, driver, witness, seed, changes, isWhole, userId, onStage: note })
    await quiet(subscriber)
    note('Comparing')
    const compared = await compareStory({ system, clickup, witness, chapters, userId }, subscriber.arrivals())
    const calls = clickup.log.entries(since).filter(({ kind }) => kind === 'call').length
    const { sweeps, censuses } = chapters
    const report = {
      ...compared,
      seed,
      happened: clickup.log.changes().length,
      sweeps,
      censuses,
      calls,
      seconds: seconds(),
    }
    if (!json) for (const line of readable(report)) stderr.write(`${line}\n`)
    for (const line of findingsText(report)) stderr.write(`${line}\n`)
    stdout.write(`${jsonLine(report)}\n`)
    await subscriber.close()
    return isFaultless(report) ? 0 : 1
  } finally {
    await system.close()
  }
}
