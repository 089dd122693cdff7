import type { Ids } from './ids.ts'
import type { User } from './world/types.ts'
import type { World } from './world/world.ts'

export type Tokens = {
  /** Makes a further token for a user, as people do by hand in the app. */
  issue(userId: number): string
  /** Makes an access token of OAuth for a user, as an app does that the user has authorized. */
  issueOAuthToken(userId: number): string
  /** The token is dead from now on. */
  revoke(token: string): void
  isOAuth(token: string): boolean
  /** Whose token it is, if it lives. */
  userOf(token: string): User | undefined
}

export function createTokens(ids: Ids, world: World): Tokens {
  const owners = new Map<string, number>()
  const give = (token: string, userId: number) => {
    owners.set(token, userId)
    return token
  }
  return {
    issue: (userId) => give(ids.token(userId), userId),
    issueOAuthToken: (userId) => give(ids.accessToken(userId), userId),
    // The only thing that tells them apart.
    isOAuth: (token) => !token.startsWith('pk_'),
    revoke: (token) => {
      owners.delete(token)
    },
    userOf: (token) => {
      const id = owners.get(token)
      const user = id === undefined ? undefined : world.store.users.get(id)
      return user === undefined || user.disabled || user.left ? undefined : user
    },
  }
}
