import { keep, readKept } from './kept.ts'
import type { SoakOptions } from './options.ts'
import { add, type Failure, failureLines, isFaultless, jsonLine, noRuns, type Report, readable } from './report.ts'
import { type Found, playOrTell, search } from './search.ts'

type Output = { write(text: string): unknown }
type Streams = { stdout: Output; stderr: Output }

/** A counterexample is made smaller for so long. */
const SHRINK_MS = 120_000
/** Of what is broken on purpose it is enough to have found it. */
const BROKEN_SHRINK_MS = 0

/** Plays runs until the time is over. @param isEnded asked before each run @returns the exit status */
export async function runSoak(
  options: SoakOptions,
  { stdout, stderr }: Streams,
  isEnded: () => boolean,
): Promise<number> {
  const begun = performance.now()
  const report = noRuns()
  const note = (line: string) => options.json || stderr.write(`${line}\n`)
  if (options.breaks !== null) note(`Broken on purpose: ${options.breaks}`)
  const isOver = () => isEnded() || performance.now() - begun > options.minutes * 60_000
  await (options.kept ? playKept(report, isOver, note) : playSeeds(options, report, isOver, note))
  report.seconds = Math.round((performance.now() - begun) / 1_000)
  note(readable(report))
  stdout.write(`${jsonLine(report)}\n`)
  return isFaultless(report) ? 0 : 1
}

type Note = (line: string) => unknown

async function playSeeds(options: SoakOptions, report: Report, isOver: () => boolean, note: Note): Promise<void> {
  const { runs, commands: most, breaks } = options
  const last = options.seed + (runs ?? Number.POSITIVE_INFINITY)
  for (let seed = options.seed; seed < last && !isOver(); seed += 1) {
    const shrinkMs = breaks === null ? SHRINK_MS : BROKEN_SHRINK_MS
    const found = await search({ seed, most, breaks, shrinkMs })
    report.runs += 1
    if (found.kind === 'held') add(report, found.played)
    else await tell(found, { seed, most, breaks }, report, note)
    // What is broken on purpose is found once.
    if (breaks !== null && found.kind === 'failed') return
  }
}

async function tell(
  { commands, violations }: Extract<Found, { kind: 'failed' }>,
  { seed, most, breaks }: Pick<SoakOptions, 'seed' | 'breaks'> & { most: number },
  report: Report,
  note: Note,
): Promise<void> {
  const failure: Failure = { seed, commands, violations }
  report.failures.push(failure)
  const again = `npm run soak -- --seed ${seed} --runs 1 --commands ${most}${breaks === null ? '' : ` --break ${breaks}`}`
  for (const line of failureLines(failure, again)) note(line)
  if (breaks === null) await keep({ seed, why: violations[0] ?? '', commands })
}

async function playKept(report: Report, isOver: () => boolean, note: Note): Promise<void> {
  for (const { seed, commands } of await readKept()) {
    if (isOver()) return
    const played = await playOrTell({ seed, commands }, null)
    report.runs += 1
    add(report, played)
    if (played.violations.length === 0) continue
    const failure: Failure = { seed, commands, violations: played.violations }
    report.failures.push(failure)
    for (const line of failureLines(failure, 'npm run soak -- --kept')) note(line)
  }
}
