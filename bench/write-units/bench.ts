import type { Run } from '../../local/virtual/run.ts'
import type { Bench, Figure } from '../figure.ts'
import type { Scenario } from '../storms/scenario.ts'
import { bulkEdit } from '../storms/scenarios/bulk-edit.ts'
import { trickle } from '../storms/scenarios/trickle.ts'
import { simulate } from '../storms/simulate.ts'
import { forgetfulLedger } from './forgetful-ledger.ts'
import { type Bill, createMeter } from './meter.ts'

const AIM = 5
/** One by one there is a write beside for who reads what, and a share of the budget: see docs/performance.md. */
const BUDGET = 7

/**
 * What a change costs in DynamoDB, as it is billed, with what it shares with others: the whole system in virtual time, items of the
 * demo workspace. A task that was never seen before costs two writes to indexes once; a backfill has seen them all when the first
 * change comes, so they are told apart.
 */
export const writeUnits: Bench = {
  name: 'write-units',
  title: 'DynamoDB units for a change, by what they are for',
  breaks: ['claims'],
  async run({ seed, broken, note }) {
    note('changes one by one')
    const alone = await metered(trickle, seed, broken)
    note('a bulk edit')
    const storm = await metered(bulkEdit, seed, broken)
    return [...figuresOf('one by one', alone, BUDGET), ...figuresOf('in a storm', storm, AIM)]
  },
}

type Metered = { bill: Bill; changes: number }

async function metered(scenario: Scenario, seed: number, broken: string | null): Promise<Metered> {
  const meter = createMeter()
  const kept: { run?: Run } = {}
  const through = broken === 'claims' ? forgetfulLedger(meter.through) : meter.through
  const play = (run: Run) => {
    kept.run = run
    return scenario.play(run)
  }
  const { ok } = await simulate({ ...scenario, play }, { seed, variation: { through } })
  if (kept.run === undefined || (!ok && broken === null))
    throw new Error(`${scenario.name} did not end well: nothing was measured.`)
  return { bill: meter.bill(), changes: new Set(kept.run.published.map(({ changeId }) => changeId)).size }
}

function figuresOf(how: string, { bill, changes }: Metered, budget: number): Figure[] {
  const written = (kinds: RegExp) =>
    [...bill.byKind].reduce((sum, [kind, { write }]) => sum + (kinds.test(kind) ? write : 0), 0) / changes
  const first = written(/^tasks index/)
  const all = bill.write / changes - first
  const plain = { unit: 'units', beside: null, aim: null } as const
  return [
    {
      figure: `write units for a change, ${how}`,
      ours: all,
      unit: 'units',
      beside: null,
      aim: { text: `≤ ${budget}`, holds: all <= budget, decides: true },
    },
    ...(budget === AIM
      ? []
      : [
          {
            figure: `the same, ${how}`,
            ours: all,
            unit: 'units' as const,
            beside: null,
            aim: { text: `≤ ${AIM}`, holds: all <= AIM, decides: false },
          },
        ]),
    { figure: '  ledger: claim, completion, day index', ours: written(/^ledger/), ...plain },
    { figure: '  tasks: snapshot, what is accounted, time', ours: written(/^tasks (?!index)/), ...plain },
    { figure: '  state: who reads what, budget, what waits', ours: written(/^state/), ...plain },
    { figure: '  and for tasks never seen before: their indexes', ours: first, ...plain },
    { figure: `read units for a change, ${how}`, ours: bill.read / changes, ...plain },
  ]
}
