import { Command } from 'commander'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { resume } from '../pause/resume.ts'
import { withTarget } from '../target.ts'

export function resumeCommand(io: Io): Command {
  const command = new Command('resume')
    .summary('ends a pause')
    .description(
      'Ends a pause: what waits is worked off within the budget of API calls, the webhooks are looked at, and a sweep ' +
        'finds what may have been missed. Where nothing is paused it sees to it that the queues are polled, and changes nothing else.',
    )
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json has changed (false where nothing was paused), pausedMs, and queues: those
that Lambda polls, each with queue and state.

Example:
  $ npx hookline resume`,
    )
    .action(async (given: unknown) => {
      const options = commonOptions.parse(given)
      await withTarget(options, io.cwd, (target) => resume(io, target, options))
    })
}
