const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text of whomever, harmless in markup. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

export type TableColumn<Row> = { head: string; of(row: Row): string; numeric?: boolean; href?(row: Row): string | null }

/** A table with a head; what is told of each row is text and gets escaped here. */
export function tableOf<Row>(caption: string, columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const cell = (row: Row, { of, href, numeric }: TableColumn<Row>, i: number) => {
    const url = href?.(row) ?? null
    const text = escaped(of(row))
    const inner = url === null ? text : `<a href="${escaped(url)}">${text}</a>`
    const style = numeric ? ' class="n"' : ''
    return i === 0 ? `<th scope="row"${style}>${inner}</th>` : `<td${style}>${inner}</td>`
  }
  const head = columns.map(
    ({ head: text, numeric }) => `<th scope="col"${numeric ? ' class="n"' : ''}>${escaped(text)}</th>`,
  )
  const body = rows.map((row) => `<tr>${columns.map((column, i) => cell(row, column, i)).join('')}</tr>`)
  return `<table><caption>${escaped(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}
