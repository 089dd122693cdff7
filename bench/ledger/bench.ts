import type { Bench, Figure } from '../figure.ts'
import { filled, type Measured } from './filled.ts'

const FEW = 10_000
const SIZES = { whole: [FEW, 100_000, 1_000_000], quick: [FEW, 100_000], broken: [FEW, 2 * FEW] } as const

const USUAL = { messages: 1_000, rounds: 5 } as const
/** What looks at everything takes long. */
const SLOW = { messages: 50, rounds: 1 } as const

/**
 * What a change costs as the ledger grows. The tables are in the same process and keep every item in a map by its key, so they say
 * nothing about DynamoDB's own speed; what they show is that nothing the consumer asks for has to do with how much is there: as many
 * calls, each by key, as many units, and no time.
 */
export const ledger: Bench = {
  name: 'ledger',
  title: 'what a change costs with 10,000 to 1,000,000 changes in the ledger',
  breaks: ['scan'],
  async run({ broken, quick, note }) {
    const found: { items: number; measured: Measured }[] = []
    const sizes = broken === null ? SIZES[quick ? 'quick' : 'whole'] : SIZES.broken
    for (const items of sizes) {
      note(`${items.toLocaleString('en-US')} items`)
      found.push({ items, measured: await filled({ items, ...(broken === null ? USUAL : SLOW), broken }) })
    }
    const [first, ...more] = found
    return first === undefined ? [] : more.flatMap(({ items, measured }) => figuresOf(items, measured, first.measured))
  },
}

function figuresOf(items: number, measured: Measured, few: Measured): Figure[] {
  const of = `with ${items.toLocaleString('en-US')} items`
  const what = `with ${FEW.toLocaleString('en-US')}`
  const same = (name: 'calls' | 'readUnits' | 'writeUnits', words: string, unit: Figure['unit']): Figure => ({
    figure: `${words} for a change, ${of}`,
    ours: measured[name],
    unit,
    beside: { what, value: few[name] },
    aim: { text: 'the same', holds: measured[name] === few[name], decides: true },
  })
  const { microseconds } = measured
  return [
    same('calls', 'calls to DynamoDB', 'calls'),
    same('readUnits', 'read units', 'units'),
    same('writeUnits', 'write units', 'units'),
    {
      figure: `processor time for a change, ${of}`,
      ours: microseconds,
      unit: 'µs',
      beside: { what, value: few.microseconds },
      aim: { text: '≤ 1.3 ×', holds: microseconds <= 1.3 * few.microseconds, decides: false },
    },
  ]
}
