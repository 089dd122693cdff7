import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { withCommonOptions, word } from '../options.ts'
import { withTarget } from '../target.ts'
import { selectionOf, selectionOptions, wholeOption, withSelection } from './quarantine-options.ts'

const optionsSchema = selectionOptions.extend({
  max: z.number().optional(),
  copy: z.union([z.string(), z.boolean()]).default(true),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
})

export function dropCommand(io: Io): Command {
  const command = new Command('drop')
    .summary('deletes messages, after writing a copy')
    .description(
      'Deletes messages of the quarantine for ever. What they told of is then found by the next sweep as far as it is ' +
        'still to be seen in ClickUp. A copy is written first: a line of JSON for each message, with its body.',
    )
  return withCommonOptions(
    withSelection(command)
      .option('--max <number>', 'no more than this many, the oldest', wholeOption)
      .optionsGroup('How:')
      .option('--copy <file>', 'where to write the copy (default: quarantine-TIME.ndjson)', word)
      .option('--no-copy', 'write none')
      .option('--dry-run', 'say what would be deleted, and change nothing')
      .option('--yes', 'ask nothing'),
  )
    .addHelpText(
      'after',
      `
--json has about, chosen, dryRun, dropped, missed and copy, the file.

Examples:
  $ npx hookline quarantine drop --class malformed --dry-run
  $ npx hookline quarantine drop --id 6e4f1f0c-7a4e-4b5e-9a55-0f6c3a1d9a10`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what works messages off.
      const { drop } = await import('../quarantine/drop.ts')
      await withTarget(options, io.cwd, (target) => drop(io, target, selectionOf(options)))
    })
}
