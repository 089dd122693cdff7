import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { withCommonOptions } from '../options.ts'
import { withTarget } from '../target.ts'
import { selectionOf, selectionOptions, wholeOption, withSelection } from './quarantine-options.ts'

const optionsSchema = selectionOptions.extend({
  max: z.number().optional(),
  rate: z.number().optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
})

export function redriveCommand(io: Io): Command {
  const command = new Command('redrive')
    .summary('sends messages to the deliveries queue again')
    .description(
      'Sends messages of the quarantine to the deliveries queue again, each as it was, and deletes each only after that: ' +
        'what is broken off in between is sent twice, and the ledger knows it. What fails again comes back into the ' +
        'quarantine, so mend the cause first.',
    )
  return withCommonOptions(
    withSelection(command)
      .option('--max <number>', 'no more than this many, the oldest', wholeOption)
      .optionsGroup('How:')
      .option(
        '--rate <number>',
        'so many a minute (default: half of the calls a minute that ClickUp allows)',
        wholeOption,
      )
      .option('--dry-run', 'say what would be sent, and change nothing')
      .option('--yes', 'ask nothing'),
  )
    .addHelpText(
      'after',
      `
--json has about, chosen, rate, dryRun, sentBack, stayed (of those: not deleted),
refused (id, reason) and missed.

Examples:
  $ npx hookline quarantine redrive --class unknown --dry-run
  $ npx hookline quarantine redrive --max 1
  $ npx hookline quarantine redrive --class unknown --rate 30 --yes`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what works messages off.
      const { redrive } = await import('../quarantine/redrive.ts')
      await withTarget(options, io.cwd, (target) => redrive(io, target, selectionOf(options)))
    })
}
