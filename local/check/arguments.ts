import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** What a check's command line came to. */
export type Parsed<Options> =
  | { kind: 'check'; options: Options }
  | { kind: 'help' }
  /** One sentence for whoever typed it. */
  | { kind: 'wrong'; message: string }

/** The values of the options, or what is wrong with them as the beginning of a sentence. */
export function readArguments<const Config extends ParseArgsOptionsConfig>(args: readonly string[], options: Config) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    // "Unknown option '--x'. To specify a positional argument starting with ...": the first sentence is for people.
    const message = error instanceof Error ? error.message : ''
    return message.split(/\.?\n|\. |\.$/)[0] || 'The options could not be read'
  }
}

/** A whole number, or what is wrong with it as the beginning of a sentence. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  range: { min: number; max: number; absent: number },
): number | string {
  if (text === undefined) return range.absent
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max) return value
  return `${name} takes a whole number from ${range.min} to ${range.max}, not ${text}`
}

/** What is to be broken, null for nothing; or what is wrong with it, as an object, because a break is a text as well. */
export function breakOf<const Break extends string>(
  text: string | undefined,
  known: readonly Break[],
): Break | null | { wrong: string } {
  if (text === undefined) return null
  return known.find((each) => each === text) ?? { wrong: `--break knows ${NAMES.format(known)}, not ${text}` }
}
const NAMES = new Intl.ListFormat('en-GB')

/** Seeds are what the random numbers begin with: 32 bits. */
export const seedOf = (text: string | undefined): number | string =>
  wholeNumber('--seed', text, { min: 0, max: 2 ** 32 - 1, absent: 1 })
