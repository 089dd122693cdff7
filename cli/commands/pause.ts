import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions, word } from '../options.ts'
import { pause } from '../pause/pause.ts'
import { whoAsks } from '../pause/who.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ reason: z.string().optional(), yes: z.boolean().default(false) })

export function pauseCommand(io: Io): Command {
  const command = new Command('pause')
    .summary('stops all effects and all calls to ClickUp, while deliveries go on being accepted')
    .description(
      'Stops all effects and all calls to ClickUp within a minute, without a deploy: nothing is published, read or ' +
        'written, and no sweep, guard or rotation is at work. Deliveries go on being accepted and wait in the queue, ' +
        'for 14 days; nothing is lost, and nothing goes to quarantine. Who and why is shown in status. Paused again, it ' +
        'writes the reason anew.',
    )
    .optionsGroup('How:')
    .option('--reason <text>', 'why, for whoever looks at status', word)
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json has changed (false where it was paused already), since, by, reason, and
queues: those that Lambda polls, each with queue and state.

Examples:
  $ npx hookline pause --reason "the CRM is being migrated"
  $ npx hookline pause --yes --stage prod --profile work`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      const by = whoAsks(options.profile)
      await withTarget(options, io.cwd, (target) => pause(io, target, { ...options, by }))
    })
}
