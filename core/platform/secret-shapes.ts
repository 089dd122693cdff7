/** What secrets look like wherever they stand, by what they are: ClickUp's, and keys of models. */
export const SECRET_SHAPES = {
  /** `pk_`, the user's id, a key. */
  'ClickUp API token': /pk_\d+_[A-Za-z0-9]+/g,
  /**
   * The user's id and 64 hexadecimal digits, where they were seen. No shape is documented
   * (https://developer.clickup.com/docs/authentication), so one may look different: the words before it tell, too.
   */
  'OAuth access token': /(?<![A-Za-z0-9_])\d+_[0-9a-f]{64}(?![A-Za-z0-9])/g,
  /** 64 upper-case letters and digits; so are the client secrets of OAuth apps. */
  'ClickUp signing secret': /(?<![A-Za-z0-9])(?=\d*[A-Z])[A-Z0-9]{64}(?![A-Za-z0-9])/g,
  /** `sk-`, of OpenAI, Anthropic and those who do as they do. */
  'key of a model': /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}/g,
} as const

/** A secret in the text of a request or of an error: `authorization: Bearer …`, `"access_token":"…"`, `x-signature=…`. */
export const NAMED_SECRETS =
  /(?<name>\b(?:(?:proxy-)?authorization|x-signature|access_token|client_secret)\\?["']?\s*[:=]\s*\\?["']?(?:bearer\s+|basic\s+)?|\bbearer\s+)(?<value>[\w.~+/-]{8,}=*)/gi

/** The fewest characters that each of them matches. */
export const FEWEST_CHARACTERS = {
  'ClickUp API token': 6,
  'OAuth access token': 66,
  'ClickUp signing secret': 64,
  'key of a model': 23,
  named: 15,
} as const satisfies Record<keyof typeof SECRET_SHAPES | 'named', number>
