import { type Column, tableText } from '../cli/output/table.ts'
import { type Bench, type Figure, ratioOf } from './figure.ts'

/** What a bench has measured. */
export type Measured = { readonly bench: Bench; readonly figures: readonly Figure[] }

/** Whether every aim holds that does not depend on the machine, and there was something to measure. */
export const isHeld = ({ figures }: Measured): boolean =>
  figures.length > 0 && figures.every(({ aim }) => aim === null || aim.holds || !aim.decides)

export const jsonLine = ({ bench, figures }: Measured, seed: number): string =>
  JSON.stringify({
    bench: bench.name,
    seed,
    ok: isHeld({ bench, figures }),
    figures: figures.map((figure) => ({ ...figure, ratio: rounded(ratioOf(figure)) })),
  })

const COLUMNS: readonly Column[] = [
  { head: 'figure' },
  { head: 'ours', align: 'right' },
  { head: 'beside', align: 'right' },
  { head: 'what' },
  { head: 'ratio', align: 'right' },
  { head: 'aim' },
  { head: '' },
]

/** One table of all of them: a bench's title, and below it a line for each of its figures. */
export const table = (all: readonly Measured[]): string =>
  tableText(
    COLUMNS,
    all.flatMap(({ bench, figures }) => [[`${bench.name}: ${bench.title}`], ...figures.map(cells), ['']]),
    { width: undefined, paint: (_style, text) => text },
  )

function cells(figure: Figure): string[] {
  const { ours, unit, beside, aim } = figure
  const ratio = ratioOf(figure)
  return [
    figure.figure,
    `${number(ours)} ${unit}`,
    beside === null ? '' : `${number(beside.value)} ${unit}`,
    beside?.what ?? '',
    ratio === null ? '' : `${ratio.toFixed(2)} ×`,
    aim?.text ?? '',
    aim === null ? '' : aim.holds ? 'ok' : aim.decides ? 'FAILED' : 'missed',
  ]
}

/** Three digits that mean something, and no more. */
const number = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 })

const rounded = (ratio: number | null) => (ratio === null ? null : Math.round(ratio * 1_000) / 1_000)
