import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions, word } from '../options.ts'
import { withTarget } from '../target.ts'
import { lookOption } from './quarantine-options.ts'

const optionsSchema = commonOptions.extend({ look: z.number(), comments: z.boolean().default(false) })

export function showQuarantinedCommand(io: Io): Command {
  const command = new Command('show')
    .summary('one message whole')
    .description('Shows one message of the quarantine whole. What looks like a token or a secret is hidden.')
    .argument('<id>', 'its id, as quarantine list --each names it', word)
    .optionsGroup('What to show:')
    .option('--comments', 'the texts of comments, too')
    .addOption(lookOption())
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx hookline quarantine show 6e4f1f0c-7a4e-4b5e-9a55-0f6c3a1d9a10
  $ npx hookline quarantine show 6e4f1f0c-7a4e-4b5e-9a55-0f6c3a1d9a10 --json | jq .body`,
    )
    .action(async (id: string, given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what works messages off.
      const { showQuarantined } = await import('../quarantine/show.ts')
      await withTarget(options, io.cwd, (target) => showQuarantined(io, target, id, options))
    })
}
