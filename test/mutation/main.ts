import { play } from '../../local/check/play.ts'
import { HELP, parseOptions } from './options.ts'
import { runMutation } from './run.ts'

await play(parseOptions(process.argv.slice(2)), HELP, (options) => runMutation(options, process))
