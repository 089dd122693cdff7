import type { IncomingHttpHeaders } from 'node:http'

/** A question as it came over any of the protocols. */
export type Asked = {
  model: string
  /** The instructions, and apart from them what the question is about. */
  instructions: string
  data: string
  /** The JSON Schema that the answer must keep to; null where none was given. */
  form: unknown
  mostTokens: number | null
}

/** What is answered: a text, how it ended, and the tokens of both (null: nothing is told of them). */
export type Said = {
  text: string
  ending: 'whole' | 'cut' | 'refused'
  tokens: { input: number; output: number } | null
}

/** An answer that is none. `code`: the provider's word for it. */
export type Refused = { status: number; code: string; message: string }

export type Sent = { status: number; headers: Readonly<Record<string, string>>; body: unknown }

/** One provider's way of asking and answering over HTTP. */
export type Protocol = {
  name: 'openai-compatible' | 'anthropic' | 'bedrock'
  /** Whether a path is of this protocol; for some it names the model. */
  path: RegExp
  /** What is sent as the key; null for none. */
  keyOf(headers: IncomingHttpHeaders): string | null
  /** Why a request is refused for its headers; null where they are in order. `key`: the one that is right. */
  refusalOf(headers: IncomingHttpHeaders, key: string | null): Refused | null
  /** @throws ZodError for a body that is not of this protocol */
  read(body: unknown, path: string): Asked
  say(said: Said, asked: Asked): Sent
  refuse(refused: Refused): Sent
}
