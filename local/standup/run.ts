import { fileURLToPath } from 'node:url'
import { breakCite, breakIdempotency } from './breaks.ts'
import { judgeRun } from './judge-run.ts'
import type { StandupOptions } from './options.ts'
import { playRounds } from './play-rounds.ts'
import { findingsText, isFaultless, jsonLine, type Report, readable } from './report.ts'
import { ROUNDS } from './rounds.ts'
import { startStage } from './stage.ts'

type Output = { write(text: string): unknown }

const LOG_FILE = fileURLToPath(new URL('../../.hookline/standup.log', import.meta.url))
/** What people do besides. */
const ACTS = 60

/** Runs the check to its end. @returns the exit status @throws StackError, ConnectError, GaveUp */
export async function runCheck(
  { seed, json, breaks }: StandupOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const seconds = () => Math.round((performance.now() - begun) / 1_000)
  const note = (line: string) => json || stderr.write(`${String(seconds()).padStart(4)} s  ${line} ...\n`)
  if (breaks !== null) note(`Broken on purpose: ${breaks}`)
  const summaries = ROUNDS.map(({ name }) => name)
  const stage = await startStage({ seed, summaries, logFile: LOG_FILE, onStep: note })
  try {
    if (breaks === 'cite') await breakCite(stage.standup)
    const broken = breaks === 'idempotency' ? breakIdempotency(stage.system.gateway, stage.standup) : null
    note('Letting people work for a day')
    const { planted, truth } = await stage.day(seed, ACTS)
    const played = await playRounds(stage, ROUNDS, { onRound: note, beforeCopy: () => broken?.forget() })
    note('Reading what was written')
    const report: Report = {
      ...judgeRun(stage, played, { planted, truth }),
      ...{ seed, seconds: seconds() },
    }
    if (!json) for (const line of readable(report)) stderr.write(`${line}\n`)
    for (const line of findingsText(report)) stderr.write(`${line}\n`)
    stdout.write(`${jsonLine(report)}\n`)
    return isFaultless(report) ? 0 : 1
  } finally {
    await stage.close()
  }
}
