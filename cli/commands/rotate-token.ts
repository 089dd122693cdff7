import { Command, Option } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({
  connection: z.string().optional(),
  tokenStdin: z.boolean().default(false),
  takeover: z.boolean().default(false),
  test: z.boolean().default(false),
  yes: z.boolean().default(false),
  wait: z.boolean().default(true),
})

export function rotateTokenCommand(io: Io): Command {
  const command = new Command('token')
    .summary('another API token, or a test of the one in use')
    .description(
      'Asks for a new API token, personal or OAuth, and puts it beside the one in use. The rotation tests it (whose it ' +
        'is, the same workspace, whether it sees our webhooks) and only then uses it; one that fails changes nothing. ' +
        'ClickUp makes no token by API: make one there, under Settings, Apps. A token of another user needs --takeover.',
    )
    .optionsGroup('What to rotate:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .option('--token-stdin', 'read the new token from standard input')
    .option('--takeover', 'it may be of another user, who then makes the webhooks anew')
    .addOption(
      new Option('--test', 'bring none: test the one in use, as the schedule does').conflicts([
        'tokenStdin',
        'takeover',
      ]),
    )
    .optionsGroup('How:')
    .option('--no-wait', 'begin it and do not watch')
    .option('--yes', 'ask nothing')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is one line at the end, with run, outcome (done, failed, givenUp, silent,
or same for the token that is in use already), detail, startedAt, endedAt and
replaced (of a takeover); how it goes is told on standard error. The status is 1
unless the outcome is done or same.

Examples:
  $ npx hookline rotate token
  $ npx hookline rotate token --token-stdin --json < token.txt
  $ npx hookline rotate token --test`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what watches a rotation.
      const { rotateToken } = await import('../rotate/token.ts')
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await rotateToken(io, target, options)
      })
    })
}
