import { tokensOf } from '../facts/tokens.ts'
import type { ModelSettings } from '../settings.ts'

export type Tokens = { input: number; output: number }
export const NO_TOKENS: Tokens = { input: 0, output: 0 }

/** What a provider puts around a question: roles, and how to answer in a form. */
const AROUND = 1_500

/** The size of a question, in bytes of all its texts. */
export type Size = { bytes: number }

/** No tokenizer makes two tokens of a byte, and no provider goes on after the most that it was allowed. */
export const atMost = ({ bytes }: Size, { maxOutputTokens }: Pick<ModelSettings, 'maxOutputTokens'>): Tokens => ({
  input: bytes + AROUND,
  output: maxOutputTokens,
})

/** In millionths of a US$, rounded up: so many US$ for a million tokens are as many millionths for one. */
export const costOf = ({ input, output }: Tokens, { price }: Pick<ModelSettings, 'price'>): number =>
  Math.ceil(input * price.input + output * price.output)

/** What an answer tells of its own tokens; absent or none where it tells nothing, since no question is without any. */
export type Told = { input: number | undefined; output: number | undefined }

/**
 * What a try took: as the answer tells, where that can be true, else as estimated from the question and from so many bytes of
 * an answer (null: none came, and it may have been made in full).
 */
export function usedOf(
  size: Size,
  { told, answerBytes }: { told: Told; answerBytes: number | null },
  settings: Pick<ModelSettings, 'maxOutputTokens'>,
): Tokens {
  const most = atMost(size, settings)
  const input = tokensOf(size.bytes)
  const output = answerBytes === null ? most.output : tokensOf(answerBytes)
  return { input: within(told.input || input, most.input), output: within(told.output || output, most.output) }
}

/** An answer is somebody else's, and so is what it says of itself. */
const within = (count: number, most: number): number =>
  Number.isFinite(count) ? Math.min(Math.max(0, Math.ceil(count)), most) : most
