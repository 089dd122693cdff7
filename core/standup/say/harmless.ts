/** Where a text is shown: as a comment of ClickUp, which is plain text; in an event, as Markdown; in a terminal. */
export type TextStyle = 'plain' | 'markdown' | 'terminal'

/** Control and format characters, those that turn the direction of text among them, and separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu
/** Two that some scripts and joined emoji need, and that do nothing elsewhere. */
const JOINER = /(?<=\P{ASCII})[\u200c\u200d](?=\P{ASCII})/uy
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu

const graphemes = new Intl.Segmenter()

/**
 * A text of whomever on one line, without anything that cannot be seen, and cut where it is longer than `most` characters as
 * people count them.
 */
export function oneLine(text: string, most: number): string {
  // Nobody writes names of this length: the rest need not be looked through.
  const start = text.slice(0, most * 20).toWellFormed()
  const seen = start.replace(UNSEEN, (character, at: number) => (isJoiner(start, at) ? character : ' '))
  const line = seen.replace(PILED_MARKS, '$1').replace(/\s+/gu, ' ').trim()
  const kept: string[] = []
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length === most) return `${kept.slice(0, -1).join('').trimEnd()}…`
    kept.push(segment)
  }
  return line
}

function isJoiner(text: string, at: number): boolean {
  JOINER.lastIndex = at
  return JOINER.test(text)
}

const MOST_OF_VALUE = 60

/**
 * The name of a status, priority or tag as it stands in data and statements: nothing in it can end the quotes that it stands in,
 * or be taken for a ref.
 */
export function valueText(value: string): string {
  const text = oneLine(value.replace(/[\u200c\u200d]/g, ''), MOST_OF_VALUE).replace(
    /["\\{}<>]/g,
    (character) => SUBSTITUTES[character] ?? ' ',
  )
  return text === '' ? '?' : text
}

const SUBSTITUTES: Readonly<Record<string, string>> = {
  '"': "'",
  '\\': '/',
  '{': '(',
  '}': ')',
  '<': '‹',
  '>': '›',
}

/**
 * A text of whomever, made so that where it is shown it is nothing but text: in what others read no mention, in Markdown no
 * markup and no link. The quotes that tasks stand in are in none, so that two names cannot be taken for one, or one for two.
 */
export function shown(text: string, style: TextStyle): string {
  const unquoted = text.replace(/[“”]/g, '"')
  if (style === 'terminal') return unquoted
  const unmentioned = unquoted.replaceAll('@', '＠')
  if (style === 'plain') return unmentioned
  return unmentioned
    .replace(/[\\`*_[\]#|~&]/g, '\\$&')
    .replace(/[<>]/g, (character) => SUBSTITUTES[character] ?? '')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(?<=\bwww)\./gi, '\\.')
}
