import type { Ids } from './ids.ts'
import type { User } from './world/types.ts'
import type { World } from './world/world.ts'

export type Tokens = {
  /** Makes a further token for a user, as people do by hand in the app. */
  issue(userId: number): string
  /** The token is dead from now on. */
  revoke(token: string): void
  /** Whose token it is, if it lives. */
  userOf(token: string): User | undefined
}

export function createTokens(ids: Ids, world: World): Tokens {
  const owners = new Map<string, number>()
  return {
    issue: (userId) => {
      const token = ids.token(userId)
      owners.set(token, userId)
      return token
    },
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
