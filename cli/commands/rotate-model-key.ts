import { Command } from 'commander'
import * as z from 'zod'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ keyStdin: z.boolean().default(false) })

export function rotateModelKeyCommand(io: Io): Command {
  const command = new Command('model-key')
    .summary('the key of the model that tells summaries')
    .description(
      'Asks for the key of the model that the config names under standup.model, and puts it in the place of the one in use. ' +
        'It is stored in Secrets Manager and read by the function that tells summaries, and by nobody else. A model in ' +
        'Bedrock has no key: the role of the function is its right.',
    )
    .optionsGroup('What to rotate:')
    .option('--key-stdin', 'read the key from standard input')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json is one line with outcome (done, or same for the key that is in use
already). The key itself is never written.

Examples:
  $ npx hookline rotate model-key
  $ npx hookline rotate model-key --key-stdin < key.txt`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      const { rotateModelKey } = await import('../rotate/model-key.ts')
      await withTarget(options, io.cwd, (target) => rotateModelKey(io, target, options))
    })
}
