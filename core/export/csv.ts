/** What a cell may hold. */
export type Cell = string | number | boolean | null

const NUMBER = /^-?\d+(\.\d+)?$/
const FORMULA = /^[=+\-@\t\r]/

/** One line of CSV (RFC 4180), with its end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\n`

/** A text that begins like a formula would be one to a spreadsheet: an apostrophe makes it a text. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** A time as CSV has it: UTC. */
export const timeCell = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined || Number.isNaN(new Date(ms).getTime()) ? null : new Date(ms).toISOString()

/** Names one after the other; ids where there is no name. */
export const namesCell = (some: readonly { id: string; name: string | null }[]): string =>
  some.map(({ id, name }) => name ?? id).join('; ')
