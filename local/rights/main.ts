import { play } from '../check/play.ts'
import { HELP, parseOptions } from './options.ts'
import { runCheck } from './run.ts'

await play(parseOptions(process.argv.slice(2)), HELP, (options) => runCheck(options, process))
