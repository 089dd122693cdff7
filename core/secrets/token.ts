import * as z from 'zod'
import { parseSecret } from './parse.ts'

/** What the token secret of a connection holds; null until the operator has brought one. */
const tokenSecretSchema = z.looseObject({ v: z.literal(1), token: z.string().min(1).nullable() })
export type TokenSecret = z.infer<typeof tokenSecretSchema>

/** @throws Error without any of the content. */
export const parseTokenSecret = (text: string): TokenSecret => parseSecret(tokenSecretSchema, 'token secret', text)
