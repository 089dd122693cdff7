import { HELP, parseOptions, type StormOptions } from './options.ts'
import { type Played, playAll } from './play.ts'
import { jsonLine, type Row, table } from './report.ts'
import type { Scenario } from './scenario.ts'
import { BY_NAME, SCENARIOS } from './scenarios/index.ts'
import type { Job } from './worker.ts'

const parsed = parseOptions(process.argv.slice(2))
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP)
    break
  case 'wrong':
    process.stderr.write(`${parsed.message}\n`)
    process.exitCode = 2
    break
  case 'run':
    process.exitCode = await run(parsed.options)
}

/** Plays what was asked for, prints it, and answers with the exit code. */
async function run({ seed, only, json, quick, naive, breaks, log }: StormOptions): Promise<number> {
  const scenarios = only.length === 0 ? SCENARIOS : [...SCENARIOS, ...BY_NAME].filter(({ name }) => only.includes(name))
  const jobs = scenarios.flatMap(({ name }): Job[] => [
    { name, seed, kind: 'hookline', breaks, quick },
    ...(naive ? [{ name, seed, kind: 'naive', breaks: null, quick } as const] : []),
  ])
  const played = await playAll(jobs, (one) => progress(one, log))
  const rows = scenarios.map((scenario) => rowOf((quick ? scenario.quick : undefined) ?? scenario, played))
  process.stdout.write(json ? rows.map((row) => `${jsonLine(row)}\n`).join('') : `${table(rows)}\n`)
  return rows.every(({ ours }) => ours.result.ok) ? 0 : 1
}

function rowOf(scenario: Scenario, played: readonly Played[]): Row {
  const [ours, naive = null] = (['hookline', 'naive'] as const).flatMap(
    (kind) => played.find(({ result }) => result.name === scenario.name && result.kind === kind) ?? [],
  )
  if (ours === undefined) throw new Error(`${scenario.name} was not played`)
  return { scenario, ours, naive }
}

function progress({ result, logged }: Played, log: boolean): void {
  const { name, kind, ok, virtualMs, realMs } = result
  const took = `${Math.round(virtualMs / 1000).toLocaleString('en-US')} s in ${(realMs / 1000).toFixed(1)} s`
  process.stderr.write(`${name} ${kind}: ${ok ? 'ok' : 'failed'}, ${took}\n`)
  if (!log) return
  for (const [text, times] of logged) process.stderr.write(`  ${times} × ${text}\n`)
}
