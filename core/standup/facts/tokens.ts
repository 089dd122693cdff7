/** What a token takes of common models at the least, on average, in text with ids and figures. */
const BYTES_PER_TOKEN = 3.5

/**
 * About how many tokens a text takes, a little more rather than less. By its bytes (UTF-8), because letters beyond the Latin
 * ones take more of both.
 */
export const estimateTokens = (text: string): number => tokensOf(Buffer.byteLength(text))

export const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN)
