import { Command } from 'commander'
import * as z from 'zod'
import { confirm } from '../connect/ask.ts'
import { connectionOf } from '../connect/examine.ts'
import { takeDown } from '../connect/take-down.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ connection: z.string().optional(), yes: z.boolean().default(false) })

export function disconnectCommand(io: Io): Command {
  const command = new Command('disconnect')
    .summary('deletes the webhooks of a connection, and keeps its tables')
    .description(
      'Deletes the webhooks of a connection in ClickUp and forgets that it was made. Its tasks, changes and its token ' +
        'stay; npx hookline connect takes it up again. Run twice, it does nothing more.',
    )
    .optionsGroup('What to disconnect:')
    .option('--connection <name>', 'the connection (default: the only one)', nameOption)
    .option('--yes', 'ask nothing')
  return withCommonOptions(command).action(async (given: unknown) => {
    const options = optionsSchema.parse(given)
    await withTarget(options, io.cwd, async (target) => {
      const connection = connectionOf(target, options.connection)
      const home = await target.home()
      const question = `Delete the webhooks of ${connection} (${target.label})?`
      if (!(await confirm(io, options, question))) return io.note('Nothing was changed.')
      const result = await takeDown({ io, target, home, connection })
      if (options.json) writeJson(io, { target: target.label, connection, ...result })
      else io.write(`${connection}: ${result.said}\n`)
    })
  })
}
