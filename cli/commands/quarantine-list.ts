import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { withCommonOptions } from '../options.ts'
import { withTarget } from '../target.ts'
import { selectionOf, selectionOptions, withSelection } from './quarantine-options.ts'

const optionsSchema = selectionOptions.extend({ each: z.boolean().default(false) })

export function listQuarantineCommand(io: Io): Command {
  const command = new Command('list')
    .summary('what is in the quarantine, by reason')
    .description(
      'Shows what is in the quarantine by class and reason. Class unknown is what SQS itself moved there, because the ' +
        'consumer failed at it every time.',
    )
  return withCommonOptions(withSelection(command).option('--each', 'the messages one by one, too'))
    .addHelpText(
      'after',
      `
--json has about (how many there are, as SQS says approximately), looked, more,
groups (class, reason, count, oldest, newest, connections, events, examples) and
messages, without their bodies.

Examples:
  $ npx hookline quarantine list
  $ npx hookline quarantine list --class invalid --each
  $ npx hookline quarantine list --json | jq '.groups[] | {class, count}'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what works messages off.
      const { listQuarantine } = await import('../quarantine/list.ts')
      await withTarget(options, io.cwd, (target) => listQuarantine(io, target, selectionOf(options)))
    })
}
