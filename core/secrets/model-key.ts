import * as z from 'zod'
import { parseSecret } from './parse.ts'
import type { SecretSource } from './store.ts'

/**
 * What the secret of a stage's model holds; null until the operator has brought a key. `for`: whose it is (`keyHolder`), unknown where
 * somebody has written the secret by hand.
 */
const modelKeySchema = z.looseObject({
  v: z.literal(1),
  key: z.string().min(1).nullable(),
  for: z.string().optional(),
})

/** Who is shown the key of a model: its provider, and of servers that speak alike, which one. */
export const keyHolder = ({ provider, baseUrl }: { provider: string; baseUrl?: string | undefined }): string =>
  baseUrl === undefined ? provider : new URL(baseUrl).origin

/**
 * The key for `holder`; null where none was brought, and where it is somebody else's: a secret outlives a change of the config, and
 * no provider is to be shown the key of another.
 * @throws Error without any of the content.
 */
export function parseModelKey(text: string, holder: string): string | null {
  const { key, for: owner } = parseSecret(modelKeySchema, 'model secret', text)
  return owner === undefined || owner === holder ? key : null
}

export const modelKeyText = (key: string, holder: string): string => JSON.stringify({ v: 1, key, for: holder })

/** The key in force for `holder`, null where there is none. Rejects when the secret cannot be read. */
export const readModelKey = async (read: SecretSource, name: string, holder: string): Promise<string | null> =>
  parseModelKey(await read(name), holder)
