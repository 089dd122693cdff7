import * as z from 'zod'
import { parseSecret } from './parse.ts'

/** What the token secret of a connection holds; null until the operator has brought one. */
const tokenSecretSchema = z.looseObject({
  v: z.literal(1),
  token: z.string().min(1).nullable(),
  /** When this token was brought, ms since 1970; absent in what earlier versions have written: then its version's date counts. */
  since: z.number().optional(),
  /** Of a candidate: it may be another user's, who then makes the webhooks anew. */
  takeover: z.boolean().optional(),
})
export type TokenSecret = z.infer<typeof tokenSecretSchema>

/** @throws Error without any of the content. */
export const parseTokenSecret = (text: string): TokenSecret => parseSecret(tokenSecretSchema, 'token secret', text)

/** When a token was brought: what it says itself, else the date of its version. Ms since 1970, null where neither is known. */
export const broughtAt = ({ since }: TokenSecret, createdAt: number | null): number | null => since ?? createdAt

/** The staging label of a token that the operator has brought and no rotation has taken up yet. */
export const CANDIDATE = 'HOOKLINE_CANDIDATE'
