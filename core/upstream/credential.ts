import type { Fault } from './fault.ts'

/** A token and the version of the secret that holds it. */
export type Credential = { token: string; version: string }

/**
 * The token in force, null when there is none; `renew` fetches it anew. That is asked for whenever the token in force is
 * known to be refused, so whoever provides it limits how often it is fetched.
 */
export type TokenSource = (renew?: 'renew') => Promise<Credential | null>

type Found = { kind: 'found'; credential: Credential } | Extract<Fault, { kind: 'noToken' }>

/** A token that cannot be read is none: like a dead one it waits for somebody to mend it, and costs no delivery. */
export async function credentialOf(token: TokenSource): Promise<Found> {
  try {
    const credential = await token()
    if (credential !== null) return { kind: 'found', credential }
    return { kind: 'noToken', reason: null }
  } catch (error) {
    return { kind: 'noToken', reason: error instanceof Error ? error.name : 'Error' }
  }
}

/** The token may have been rotated a moment ago. */
export async function newerThan(version: string, token: TokenSource): Promise<Credential | null> {
  try {
    const credential = await token('renew')
    return credential === null || credential.version === version ? null : credential
  } catch {
    return null
  }
}
