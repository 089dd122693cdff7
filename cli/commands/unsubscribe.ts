import { Command } from 'commander'
import * as z from 'zod'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, nameOption, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { deployServices } from '../subscribe/services.ts'
import { withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ yes: z.boolean().default(false), keepQueues: z.boolean().default(false) })

export function unsubscribeCommand(io: Io): Command {
  const command = new Command('unsubscribe')
    .summary('takes away what subscribe --deploy has made')
    .description(
      'Removes the rule of a subscription, the right to send to its target, and the queues that were made with it, with ' +
        'all that is in them. Functions and queues that were there before stay.',
    )
    .argument('<name>', 'as npx hookline subscriptions shows it', nameOption)
    .optionsGroup('How:')
    .option('--keep-queues', 'leave the queues that were made with it')
    .option('--yes', 'ask nothing')
  return withCommonOptions(command).action(async (name: string, given: unknown) => {
    const options = optionsSchema.parse(given)
    const { removeSubscription } = await import('../../core/subscribe/deploy.ts')
    const { listSubscriptions } = await import('../../core/subscribe/list.ts')
    await withTarget(options, io.cwd, async (target) => {
      const services = await deployServices(target)
      const found = (await listSubscriptions(services)).find((each) => each.name === name)
      if (found === undefined)
        throw new Failure(`There is no subscription ${name} (${target.label}): npx hookline subscriptions lists them.`)
      const { undelivered, unread } = found
      const lost = options.keepQueues ? 0 : (undelivered ?? 0) + (unread ?? 0)
      const warning = lost === 0 ? '' : ` ${counted(lost, 'event')} in its queues would be lost.`
      const question = `Remove ${found.rule} (${target.label})?${warning}`
      if (!(await confirm(io, options, question))) return io.note('Nothing was changed.')
      await removeSubscription(services, name, { withQueues: !options.keepQueues })
      if (options.json) return writeJson(io, { name, removed: found.rule, lost })
      io.write(`${found.rule} is gone.\n`)
    })
  })
}
