import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { acceptDeletions } from '../sync/accept-deletions.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ connection: z.string().optional(), yes: z.boolean().default(false) })

export function acceptDeletionsCommand(io: Io): Command {
  const command = new Command('accept-deletions')
    .summary('publishes what a halted census holds back')
    .description(
      'A census that finds many tasks deleted at once publishes nothing and calls somebody: ClickUp may have shown less ' +
        'than there is. This shows which tasks they are and, when you say that they were deleted, has it published.',
    )
    .optionsGroup('What to do:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json has connection, run and accepted, the ids of the tasks.

Examples:
  $ npx hookline accept-deletions
  $ npx hookline accept-deletions --connection main --yes`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await acceptDeletions(io, target, options)
      })
    })
}
