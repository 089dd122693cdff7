import { Command, InvalidArgumentError, Option } from 'commander'
import * as z from 'zod'
import { type Cost, costOf, type Line } from '../../core/cost/model.ts'
import { type Fit, fitsOf, peakCallsPerMinute } from '../../core/cost/plan-fit.ts'
import { PRICES } from '../../core/cost/prices.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { counted } from '../output/notes.ts'
import { tableText } from '../output/table.ts'
import { painter } from '../output/text.ts'

const optionsSchema = z.object({
  eventsPerDay: z.number(),
  batched: z.number(),
  connections: z.number(),
  logDays: z.number(),
  ownKey: z.boolean().default(false),
  json: z.boolean().default(false),
})

export function costCommand(io: Io): Command {
  return new Command('cost')
    .summary('what it costs, by how much ClickUp sends')
    .description(
      'Estimates the bill of a month from list prices and from what a delivery was measured to use of each service. It asks ' +
        'nobody: neither AWS nor ClickUp is called. Free allowances and discounts are left out.',
    )
    .optionsGroup('What is to be paid for:')
    .addOption(
      new Option('--events-per-day <number>', 'deliveries that ClickUp sends; about two for each change')
        .makeOptionMandatory()
        .argParser(number(0, 1e9)),
    )
    .addOption(
      new Option('--batched <share>', 'how many of them come in storms and are worked off together, from 0 to 1')
        .default(0)
        .argParser(number(0, 1)),
    )
    .addOption(new Option('--connections <number>', 'workspaces').default(1).argParser(number(1, 100)))
    .addOption(new Option('--log-days <number>', 'days that logs are kept').default(30).argParser(number(1, 3653)))
    .option('--own-key', 'with a KMS key of your own')
    .optionsGroup('Output:')
    .option('--json', 'JSON on standard output and nothing else; sums in US$')
    .addHelpText(
      'after',
      `
--json has variable and fixed (lines with name, of, perMonth, perMillion),
perMonth, perMillion, fixedPerMonth, growth (gb and perMonth, of the tables in a
month), apiCalls (perDay, ofSync), plans (plan, callsPerMinute, reads) and
prices (asOf, region).

Examples:
  $ npx hookline cost --events-per-day 10000
  $ npx hookline cost --events-per-day 200000 --batched 0.5 --connections 3`,
    )
    .action((given: unknown) => {
      const { eventsPerDay, batched, connections, logDays, ownKey, json } = optionsSchema.parse(given)
      const cost = costOf({ eventsPerDay, batchedShare: batched, connections, logDays, ownKey })
      const fits = fitsOf(cost)
      const { asOf, region } = PRICES
      if (json) return writeJson(io, { ...cost, plans: fits, prices: { asOf, region } })
      io.write(costText(cost, fits, io))
    })
}

const number = (from: number, to: number) => (text: string) => {
  const value = Number(text)
  if (text.trim() !== '' && value >= from && value <= to) return value
  throw new InvalidArgumentError(`It must be a number from ${from} to ${to}.`)
}

function costText(cost: Cost, fits: readonly Fit[], { columns: width, colours }: Io): string {
  const paint = painter(colours)
  const columns = [
    { head: '' },
    { head: 'of', min: 12, drop: 1 },
    { head: 'US$ a million', align: 'right' as const },
    { head: 'US$ a month', align: 'right' as const },
  ]
  const row = ({ name, of, perMillion, perMonth }: Line) => [
    ...[name, of, perMillion === null ? '' : money(perMillion)],
    money(perMonth),
  ]
  const sum = (name: string, perMillion: number | null, perMonth: number) =>
    row({ ...{ name, of: '', perMillion, perMonth } })
  const rows = [
    ...cost.variable.map(row),
    sum('deliveries together', cost.perMillion, cost.perMonth - cost.fixedPerMonth),
    ...cost.fixed.map(row),
    sum('fixed together', null, cost.fixedPerMonth),
    sum('all together', null, cost.perMonth),
  ]
  const { growth, apiCalls } = cost
  const listed = fits.filter(({ reads }) => reads === 'listed').map(({ plan }) => plan)
  const peak = Math.ceil(peakCallsPerMinute(cost))
  return [
    tableText(columns, rows, { width, paint }),
    `The tables gain ${growth.gb.toFixed(2)} GB a month, which adds ${money(growth.perMonth)} to each month after it.`,
    `ClickUp is asked ${counted(Math.round(apiCalls.perDay), 'time')} a day for deliveries and ${Math.round(apiCalls.ofSync)} for sweeps and ` +
      `censuses: about ${peak} a minute in the busiest hour.`,
    listed.length === 0
      ? 'Every plan of ClickUp bears that at once.'
      : `On ${listed.join(' and ')} tasks wait in that hour for a listing, up to two minutes; larger plans bear it at once.`,
    `List prices of ${PRICES.region}, ${PRICES.asOf}: check them.`,
    '',
  ].join('\n')
}

const money = (amount: number) => amount.toFixed(2)
