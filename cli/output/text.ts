import { styleText } from 'node:util'

/** Control characters and those that turn the direction of text: a task's name must not steer the terminal. */
const UNSAFE = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]+/gu

/** Text that came from elsewhere, on one line and harmless. */
export const plain = (text: string): string => text.replace(UNSAFE, ' ').trim()

const graphemes = new Intl.Segmenter()

/** Wide by Unicode's East Asian width, near enough: ideographs, kana, Hangul, full-width forms and emoji. */
const WIDE =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += columnsOf(segment)
  return width
}

const columnsOf = (segment: string): number => (WIDE.test(segment) ? 2 : /^\p{M}*$/u.test(segment) ? 0 : 1)

/** The text, cut with an ellipsis where it is wider than `width` columns. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let used = 0
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green'

/** Colours, where they are wanted: whether the terminal takes them was decided before. */
export const painter =
  (colours: boolean) =>
  (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text
