import { stripVTControlCharacters, styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]
export type Paint = (style: Style, text: string) => string

/** Colours for a terminal whose owner wants them; the text as it is for everybody else. */
export function paintFor(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): Paint {
  const colours = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return colours ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}

/** One line of at most `width` characters. What others have written must not move the cursor or break the table. */
export function clip(text: string, width: number): string {
  const characters = [...stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ')]
  return characters.length <= width ? characters.join('') : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}

/** The same, filled up to `width`. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitted = clip(text, width)
  const fill = ' '.repeat(Math.max(0, width - [...fitted].length))
  return align === 'left' ? fitted + fill : fill + fitted
}
