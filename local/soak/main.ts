import { play } from '../check/play.ts'
import { HELP, parseOptions } from './options.ts'
import { runSoak } from './run.ts'

let isEnded = false
process.once('SIGINT', () => {
  // The run that is under way is short; a second one ends it.
  isEnded = true
})

await play(parseOptions(process.argv.slice(2)), HELP, (options) => runSoak(options, process, () => isEnded))
