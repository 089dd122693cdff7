import * as z from 'zod'
import { parseSecret } from './parse.ts'
import type { SecretSource } from './store.ts'

/** What the secret of a stage's model holds; null until the operator has brought a key. */
const modelKeySchema = z.looseObject({ v: z.literal(1), key: z.string().min(1).nullable() })

/** @throws Error without any of the content. */
export const parseModelKey = (text: string): string | null => parseSecret(modelKeySchema, 'model secret', text).key

export const modelKeyText = (key: string): string => JSON.stringify({ v: 1, key })

/** The key in force, null where none was brought. Rejects when the secret cannot be read. */
export const readModelKey = async (read: SecretSource, name: string): Promise<string | null> =>
  parseModelKey(await read(name))
