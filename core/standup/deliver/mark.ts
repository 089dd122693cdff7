import { type Occasion, summaryIdOf } from './occasion.ts'

/** Enough that no two marks among the comments of a task are alike. */
const DIGITS = 10

const shortIdOf = (occasion: Occasion) => summaryIdOf(occasion).slice(0, DIGITS)

/**
 * The last line of a comment of ours, the same for the same occasion: `Hookline · platform · 2026-11-21 · v1 · #3f9c2a71b0`. By it
 * a comment is found again of which nobody knows whether ClickUp took it.
 */
function markOf(occasion: Occasion): string {
  const { name, on, prompt } = occasion
  const version = prompt.split('/').at(-1) ?? prompt
  return ['Hookline', name, ...(typeof on === 'string' ? [on] : []), version, `#${shortIdOf(occasion)}`].join(' · ')
}

/** What ends with the mark of an occasion. */
export const marked = (text: string, occasion: Occasion): string => `${text.trimEnd()}\n\n${markOf(occasion)}`

/**
 * Whether a comment's text, as ClickUp shows it, holds the mark. Nothing but the word at its beginning and the id at its end
 * are looked for: a text may come back with other spaces, lines and signs between them.
 */
export const isMarked = (text: string, occasion: Occasion): boolean =>
  new RegExp(`Hookline[^#]{1,200}#\\s*${shortIdOf(occasion)}(?![0-9a-f])`).test(text)
