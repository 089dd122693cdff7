import { play } from '../local/check/play.ts'
import { BENCHES } from './benches.ts'
import { helpOf, type Options, parseOptions } from './options.ts'
import { isHeld, jsonLine, type Measured, table } from './report.ts'

await play(parseOptions(process.argv.slice(2), BENCHES), helpOf(BENCHES), measure)

/** One after the other: two at once would measure each other. @returns the exit status */
async function measure({ seed, benches, broken, quick, json }: Options): Promise<number> {
  const all: Measured[] = []
  for (const bench of benches) {
    const begun = performance.now()
    const note = (line: string) => void process.stderr.write(`${bench.name}: ${line} ...\n`)
    note(bench.title)
    const measured = { bench, figures: await bench.run({ seed, broken, quick, note }) }
    all.push(measured)
    if (json) process.stdout.write(`${jsonLine(measured, seed)}\n`)
    process.stderr.write(`${bench.name}: done in ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`)
  }
  if (!json) process.stdout.write(`${table(all)}\n`)
  return all.every(isHeld) ? 0 : 1
}
