import { Command } from 'commander'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { tableText } from '../output/table.ts'
import { painter, plain } from '../output/text.ts'
import { deployServices } from '../subscribe/services.ts'
import { withTarget } from '../target.ts'

export function subscriptionsCommand(io: Io): Command {
  const command = new Command('subscriptions')
    .summary('the rules that subscribe --deploy has made')
    .description(
      'Lists the subscriptions of the stage that were made with hookline subscribe --deploy: where each sends to, and ' +
        'how many events could not be delivered. Rules of your own stacks are not among them.',
    )
  return withCommonOptions(command).action(async (given: unknown) => {
    const options = commonOptions.parse(given)
    const { listSubscriptions } = await import('../../core/subscribe/list.ts')
    await withTarget(options, io.cwd, async (target) => {
      const listed = await listSubscriptions(await deployServices(target))
      if (options.json) return writeJson(io, listed)
      if (listed.length === 0) return void io.write(`${plain(`No subscriptions (${target.label}).`)}\n`)
      const columns = [
        { head: 'NAME' },
        { head: 'STATE' },
        { head: 'UNDELIVERED', align: 'right' as const },
        { head: 'TARGET', min: 20 },
        { head: 'WHAT', min: 16, drop: 1 },
      ]
      const rows = listed.map(({ name, enabled, undelivered, targets, description }) => [
        name,
        enabled ? 'enabled' : 'disabled',
        undelivered === null ? 'no queue' : String(undelivered),
        targets.join(', ') || 'none: deploy it again',
        description ?? '',
      ])
      io.write(tableText(columns, rows, { width: io.columns, paint: painter(io.colours) }))
    })
  })
}
