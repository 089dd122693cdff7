import { type Aliases, ERASED } from './subject.ts'

export type TextRules = {
  /** The text without the person. */
  replaced(text: string): string
  /** Whether it names the person in a way that is sure enough to say so, or in one that is not. */
  mentions(text: string): boolean
}

const LETTER = '[\\p{L}\\p{N}]'

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Somewhere between other letters it is another word. */
const word = (text: string) => `(?<!${LETTER})${escaped(text)}(?!${LETTER})`

const anyOf = (sources: readonly string[]): RegExp | null =>
  sources.length === 0 ? null : new RegExp(sources.join('|'), 'giu')

/**
 * How a person is found in texts: addresses and whole names wherever they stand. A name of one word is only sure with an @
 * before it, because Will is also a verb; without, it is counted and left.
 */
export function textRules(id: string, { names, emails }: Aliases): TextRules {
  const whole = [...names].filter((name) => /\s/.test(name.trim()))
  const single = [...names].filter((name) => name.trim() !== '' && !/\s/.test(name.trim()))
  const sure = anyOf([
    ...[...emails].map(word),
    ...whole.map((name) => `@?${word(name.trim())}`),
    ...single.map((name) => `@${escaped(name.trim())}(?!${LETTER})`),
    // The ways in which ClickUp writes somebody into a rich text.
    `(?<=user_mention#|/users?/)${escaped(id)}(?!\\d)`,
  ])
  const unsure = anyOf(single.map((name) => word(name.trim())))
  return {
    replaced: (text) => (sure === null ? text : text.replace(sure, ERASED)),
    mentions: (text) => [sure, unsure].some((pattern) => pattern !== null && text.search(pattern) >= 0),
  }
}
