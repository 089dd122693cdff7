import { HELP, parseOptions } from './start/options.ts'
import { INTERRUPTED, run } from './start/run.ts'

const parsed = parseOptions(process.argv.slice(2))
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP)
    break
  case 'wrong':
    process.stderr.write(`${parsed.message}\n`)
    process.exitCode = 2
    break
  case 'start':
    process.exitCode = await run(parsed.options, process)
    // A scenario that was broken off would go on for a while without anybody to hear it.
    if (process.exitCode === INTERRUPTED) process.exit()
}
