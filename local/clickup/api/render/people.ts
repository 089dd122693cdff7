import type { User } from '../../world/types.ts'

/** People look different in every place; these are the ways that ClickUp shows them. */
export const accountOf = (user: User) => ({
  id: user.id,
  username: user.username,
  email: user.email,
  color: user.color,
  profilePicture: null,
  initials: user.initials,
  week_start_day: 1,
  global_font_support: true,
  timezone: 'Europe/Berlin',
})

export const creatorOf = (user: User) => ({
  id: user.id,
  username: user.username,
  color: user.color,
  email: user.email,
  profilePicture: null,
})

export const personIn = (user: User) => ({
  id: user.id,
  username: user.username,
  color: user.color,
  initials: user.initials,
  email: user.email,
  profilePicture: null,
})

const ROLE_KEYS = { 1: 'owner', 2: 'admin', 3: 'member', 4: 'guest' } as const

export const memberOf = (user: User) => ({
  user: {
    id: user.id,
    username: user.username,
    email: user.email,
    color: user.color,
    profilePicture: null,
    initials: user.initials,
    role: user.role,
    role_subtype: 0,
    role_key: ROLE_KEYS[user.role],
    custom_role: null,
    last_active: String(user.joinedAt),
    date_joined: String(user.joinedAt),
    date_invited: String(user.joinedAt),
  },
})
