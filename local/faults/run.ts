import type { FaultsOptions } from './options.ts'
import { findingsText, isFaultless, jsonLine, type Report, verdict } from './report.ts'
import type { Shared } from './share.ts'
import { playInThreads } from './threads.ts'

type Output = { write(text: string): unknown }

/** Progress is told after so many runs. */
const TOLD_EVERY = 100

/** Runs the check to its end. @returns the exit status */
export async function runCheck(
  { only, json, ...chosen }: FaultsOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const seconds = () => Math.round((performance.now() - begun) / 1_000)
  const note = (line: string) => json || stderr.write(`${String(seconds()).padStart(4)} s  ${line}\n`)
  if (chosen.breaks !== null) note(`Broken on purpose: ${chosen.breaks}`)
  const subjects: Shared[] = []
  for (const subject of only) {
    let runs = 0
    const shared = await playInThreads({ ...chosen, faults: [...chosen.faults], subject }, () => {
      runs += 1
      if (runs % TOLD_EVERY === 0) note(`${subject}: ${runs} runs ...`)
    })
    subjects.push(shared)
    note(`${subject}: ${shared.calls} calls, ${shared.compared} runs, ${shared.findings.length} unequal`)
    for (const line of findingsText(shared)) stderr.write(`${line}\n`)
    if (chosen.breaks !== null && shared.findings.length > 0) break
  }
  const report: Report = { seed: chosen.seed, breaks: chosen.breaks, subjects, seconds: seconds() }
  note(verdict(report))
  stdout.write(`${jsonLine(report)}\n`)
  return isFaultless(report) ? 0 : 1
}
