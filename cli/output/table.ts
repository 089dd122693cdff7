import Table from 'cli-table3'
import { clip, plain, type Style, widthOf } from './text.ts'

export type Column = {
  head: string
  align?: 'left' | 'right'
  /** May be cut down to so many columns; a column without it, an id or a time say, stays whole. */
  min?: number
  /** How it is cut. @default - at its end */
  cut?: (text: string, width: number) => string
  /** Left out on a narrow terminal, the highest first. */
  drop?: number
}

type Paint = (style: Style, text: string) => string

/** Between two columns. */
const GAP = 2

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/**
 * Rows under a head, one line each, fitted to `width` columns: long texts are cut, then whole columns left out. Ids and
 * times are never cut, so on a very narrow terminal lines run over. Without a width nothing is cut.
 */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, paint }: Fit,
): string {
  const cells = rows.map((row) => row.map(plain))
  const natural = columns.map(({ head }, i) => Math.max(widthOf(head), ...cells.map((row) => widthOf(row[i] ?? ''))))
  const shown = fitted(columns, natural, width ?? Number.POSITIVE_INFINITY)
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colWidths: shown.map(({ width: own }) => own + GAP),
    colAligns: shown.map(({ index }) => columns[index]?.align ?? 'left'),
  })
  table.push(shown.map(({ index }) => paint('bold', columns[index]?.head ?? '')))
  for (const row of cells)
    table.push(shown.map(({ index, width: own }) => (columns[index]?.cut ?? clip)(row[index] ?? '', own)))
  return lines(table)
}

export type Fit = { width: number | undefined; paint: Paint }

type Shown = { index: number; width: number }

function fitted(columns: readonly Column[], natural: readonly number[], width: number): Shown[] {
  let shown = natural.map((own, index) => ({ index, width: own }))
  const least = ({ index, width: own }: Shown) => Math.min(own, columns[index]?.min ?? own)
  const total = (widths: number[]) => widths.reduce((sum, own) => sum + own + GAP, -GAP)
  const droppable = shown
    .filter(({ index }) => columns[index]?.drop !== undefined)
    .sort((a, b) => (columns[b.index]?.drop ?? 0) - (columns[a.index]?.drop ?? 0))
  for (const column of droppable) {
    if (total(shown.map(least)) <= width) break
    shown = shown.filter((each) => each !== column)
  }
  for (;;) {
    if (total(shown.map((each) => each.width)) <= width) return shown
    const widest = shown.filter((each) => each.width > least(each)).sort((a, b) => b.width - a.width)[0]
    if (widest === undefined) return shown
    widest.width -= 1
  }
}

/**
 * Names and values beneath each other; long values are wrapped within their column.
 * @param fit `names`: columns for the names at the least, so that several of these line up; `style`: of the names
 */
export function pairsText(
  pairs: readonly (readonly [string, string])[],
  { width, paint, names: least = 0, style = 'dim' }: Fit & { names?: number; style?: Style },
): string {
  const names = Math.max(least, ...pairs.map(([name]) => widthOf(name)))
  const values = Math.max(20, (width ?? Number.POSITIVE_INFINITY) - names - GAP)
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: [names + GAP, ...(Number.isFinite(values) ? [values] : [])],
    wordWrap: true,
  })
  for (const [name, value] of pairs) table.push([paint(style, plain(name)), value])
  return lines(table)
}

/** cli-table3 pads the last column, too, which would wrap when somebody copies or narrows the window. */
const lines = (table: Table.Table): string =>
  `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
