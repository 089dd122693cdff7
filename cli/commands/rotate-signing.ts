import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { refuseWhilePaused } from '../pause/refuse.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ connection: z.string().optional(), wait: z.boolean().default(true) })

export function rotateSigningCommand(io: Io): Command {
  const command = new Command('signing')
    .summary('a new webhook with a new signing secret')
    .description(
      'Gives the webhook of a connection a new signing secret now instead of with the schedule. ClickUp makes one for ' +
        'each webhook, so a second webhook is made; it delivers when every function that verifies knows its secret, five ' +
        'minutes later, and is tested by a signed request. The old one goes on for an hour beside it. Where ClickUp refuses a ' +
        'second webhook, the old one is deleted first, and a sweep finds what happened in between. Ctrl-C ends the ' +
        'watching, not the rotation; run again, this follows the one that goes on.',
    )
    .optionsGroup('What to rotate:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .optionsGroup('How:')
    .option('--no-wait', 'begin it and do not watch')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is one line at the end, with run, asked (begun or goesOn), outcome (done,
failed, givenUp or silent), detail, startedAt, endedAt and replaced (way: beside
or instead ...); how it goes is told on standard error. The status is 1 unless
the outcome is done.

Examples:
  $ npx hookline rotate signing
  $ npx hookline rotate signing --json 2> /dev/null | jq -r .outcome`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      // Loaded only here: no other command has to wait for what watches a rotation.
      const { rotateSigning } = await import('../rotate/signing.ts')
      await withTarget(options, io.cwd, async (target) => {
        await refuseWhilePaused(io, target)
        await rotateSigning(io, target, options)
      })
    })
}
