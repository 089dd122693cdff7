import type { Played } from './play.ts'
import type { Scenario } from './scenario.ts'

/** A scenario as it was played, and the same in the usual way if that was asked for. */
export type Row = { scenario: Scenario; ours: Played; naive: Played | null }

const naiveFigure = ({ naive }: Row, figure: string) => naive?.result.bounds.find((bound) => bound.figure === figure)

/** One line that depends on the seed alone. */
export function jsonLine(row: Row): string {
  const { name, seed, ok, bounds, virtualMs } = row.ours.result
  const figures = bounds.map((bound) => {
    const naive = naiveFigure(row, bound.figure)
    return naive === undefined ? bound : { ...bound, naive: naive.value }
  })
  return JSON.stringify({ scenario: name, seed, ok, virtualSeconds: virtualMs / 1000, figures })
}

const HEADER = ['figure', 'measured', 'bound', '', 'naive']

/** The table for people: a scenario's title, and below it a line for each of its figures. */
export function table(rows: readonly Row[]): string {
  const blocks = rows.map((row) => {
    const { ok, bounds } = row.ours.result
    const lines = bounds.map(({ figure, value, bound, ok: holds }) => [
      figure,
      number(value),
      bound ?? '',
      bound === null ? '' : holds ? 'ok' : 'FAILED',
      row.naive === null ? '' : number(naiveFigure(row, figure)?.value),
    ])
    return { title: `${row.scenario.name}: ${row.scenario.title}${ok ? '' : ' (FAILED)'}`, lines }
  })
  const widths = HEADER.map((head, column) =>
    Math.max(head.length, ...blocks.flatMap(({ lines }) => lines.map((line) => line[column]?.length ?? 0))),
  )
  const aligned = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 1 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const heads = rows.some(({ naive }) => naive !== null) ? HEADER : HEADER.slice(0, -1)
  return blocks
    .map(({ title, lines }) => [title, `  ${aligned(heads)}`, ...lines.map((line) => `  ${aligned(line)}`)].join('\n'))
    .join('\n\n')
}

const number = (value: number | undefined) => (value === undefined ? '' : value.toLocaleString('en-US'))
