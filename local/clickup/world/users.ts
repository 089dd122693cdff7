import type { Actor } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Role, User } from './types.ts'

export type UserInput = {
  username: string
  email: string
  role: Role
  color?: string | undefined
  bot?: boolean | undefined
}

export function userMutations(tools: Tools) {
  const { store } = tools

  function addUser(input: UserInput): User {
    const id = 54_000_000 + store.users.size * 7_919 + tools.random.int(1, 7_000)
    const user: User = {
      id,
      username: input.username,
      email: input.email,
      color: input.color ?? `#${tools.random.text('0123456789abcdef', 6)}`,
      initials: input.username
        .split(' ')
        .map((word) => word.charAt(0))
        .join('')
        .slice(0, 2)
        .toUpperCase(),
      role: input.role,
      joinedAt: tools.now(),
      bot: input.bot ?? false,
      disabled: false,
      left: false,
    }
    store.users.set(id, user)
    return user
  }

  /** A disabled user's token is refused and the user's webhooks stay but fall silent; nobody is told. */
  function disableUser(actor: Actor, userId: number, disabled = true): void {
    change('disableUser', actor, userId, { disabled })
  }

  /** Gives a user another name, address or role. ClickUp has no event for anything about people. */
  function changeUser(actor: Actor, userId: number, changes: Partial<Pick<User, 'username' | 'email' | 'role'>>): User {
    return change('changeUser', actor, userId, changes)
  }

  /** Takes a user out of the workspace. Tokens and webhooks end as a disabled user's do, and what was theirs keeps the name. */
  function removeUser(actor: Actor, userId: number): void {
    change('removeUser', actor, userId, { left: true })
  }

  function change(name: string, actor: Actor, userId: number, changes: Partial<User>): User {
    const changed = { ...tools.user(userId), ...changes }
    store.users.set(userId, changed)
    tools.tell(name, actor, tools.now(), [])
    return changed
  }

  return { addUser, disableUser, changeUser, removeUser }
}
