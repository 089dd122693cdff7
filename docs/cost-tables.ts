import { type Cost, costOf } from '../core/cost/model.ts'
import { tunings } from '../core/cost/tuning.ts'

/** The tables of README.md and docs/tuning.md that the cost model makes; `node docs/cost-tables.ts` prints them, a test compares. */

const workload = { eventsPerDay: 10_000, connections: 1, logDays: 30, ownKey: false }
const costs = {
  alone: costOf({ ...workload, batchedShare: 0 }),
  storm: costOf({ ...workload, batchedShare: 1 }),
}
const money = (amount: number) => amount.toFixed(2)
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

/** What a million deliveries cost. */
export function perMillionTable({ alone, storm }: { alone: Cost; storm: Cost } = costs): string {
  const ofStorm = new Map(storm.variable.map((line) => [line.name, line]))
  return [
    row('for each delivery, one by one', 'a million, one by one', 'a million, in a storm'),
    row('---', '--:', '--:'),
    ...alone.variable.map(({ name, of, perMillion }) =>
      row(`${name}: ${of}`, money(perMillion ?? 0), money(ofStorm.get(name)?.perMillion ?? 0)),
    ),
    row('**together**', `**${money(alone.perMillion)}**`, `**${money(storm.perMillion)}**`),
  ].join('\n')
}

/** What is to be paid each month without a delivery. */
export const fixedTable = ({ fixed, fixedPerMonth }: Cost = costs.alone): string =>
  [
    row('each month', 'US$'),
    row('---', '--:'),
    ...fixed.map(({ name, of, perMonth }) => row(`${name}: ${of}`, money(perMonth))),
    row('**together**', `**${money(fixedPerMonth)}**`),
  ].join('\n')

/** What to set at each volume. */
export const tuningTable = (): string =>
  [
    row(
      ...['deliveries a day', 'of them in storms', '`consumer.memoryMb`', '`consumer.maxConcurrency`', '`throttling`'],
      ...['`consumer.degradedAfterMinutes`', 'sweep', "ClickUp's plan", 'US$ a month', 'of it fixed'],
    ),
    row(...Array.from({ length: 10 }, () => '---')),
    ...tunings().map((one) =>
      row(
        ...[one.deliveriesPerDay.toLocaleString('en-US'), `${one.batchedShare * 100} %`, one.consumerMemoryMb],
        ...[one.maxConcurrency, `${one.throttling.rate}/s, ${one.throttling.burst}`, one.degradedAfterMinutes],
        ...[`${one.sweepMinutes} min`, planText(one.fits), money(one.cost.perMonth), money(one.cost.fixedPerMonth)],
      ),
    ),
  ].join('\n')

function planText(fits: ReturnType<typeof tunings>[number]['fits']): string {
  const [smallest] = fits
  const single = fits.find(({ reads }) => reads === 'single')
  if (single === undefined) return 'any; tasks are listed in the busiest hour'
  return single.plan === smallest?.plan ? 'any' : `any; ${single.plan} reads each task at once`
}

if (import.meta.main) process.stdout.write(`${[perMillionTable(), fixedTable(), tuningTable()].join('\n\n')}\n`)
