import { Command } from 'commander'
import * as z from 'zod'
import { dataStackName, serviceStackName } from '../../core/platform/names.ts'
import { confirm } from '../connect/ask.ts'
import { takeDown } from '../connect/take-down.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ yes: z.boolean().default(false) })

export function uninstallCommand(io: Io): Command {
  const command = new Command('uninstall')
    .summary('deletes all webhooks of the stage, before a cdk destroy')
    .description(
      'Deletes the webhooks of every connection of the stage in ClickUp, so that nothing goes on calling an address ' +
        'where nobody is, and says how to take the stacks down. Tables stay until then. Run twice, it does nothing more.',
    )
    .optionsGroup('How:')
    .option('--yes', 'ask nothing')
  return withCommonOptions(command).action(async (given: unknown) => {
    const options = optionsSchema.parse(given)
    await withTarget(options, io.cwd, async (target) => {
      const { connections, label } = target
      const home = await target.home()
      const question = `Delete the webhooks of ${connections.join(', ')} (${label})?`
      if (!(await confirm(io, options, question))) return io.note('Nothing was changed.')
      const results: { connection: string; webhooks: number; wasConnected: boolean }[] = []
      const failures: string[] = []
      for (const connection of connections) {
        try {
          const { said, ...result } = await takeDown({ io, target, home, connection })
          results.push({ connection, ...result })
          if (!options.json) io.write(`${connection}: ${said}\n`)
        } catch (error) {
          // One that cannot be reached is no reason to leave the others.
          if (!(error instanceof Failure)) throw error
          failures.push(error.message)
        }
      }
      if (options.json) writeJson(io, { target: label, connections: results, failures })
      if (failures.length > 0) throw new Failure(failures.join(' '))
      const [service, data] = [serviceStackName(home.stage), dataStackName(home.stage)]
      io.note(`Go on with: npx cdk destroy ${service}`)
      io.note(
        `${data} holds the tables and is protected: keep it, or end its termination protection in CloudFormation and destroy it, too.`,
      )
    })
  })
}
