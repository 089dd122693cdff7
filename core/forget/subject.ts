import { createHash } from 'node:crypto'

/** Who or what is to be forgotten, by ClickUp's id. */
export type Subject = { kind: 'user' | 'task'; id: string }

/** What somebody was called wherever the id stood: only by these can texts be searched. */
export type Aliases = { names: ReadonlySet<string>; emails: ReadonlySet<string> }

export const NO_ALIASES: Aliases = { names: new Set(), emails: new Set() }

/** Stands for a person in history: one for all, so that nobody can be told from anybody. */
export const FORGOTTEN = { id: 'forgotten', name: null }
/** Stands for a name, an address or an id in a text. */
export const ERASED = '[forgotten]'

/** Names the work on a subject without naming the subject. */
export const hashOf = ({ kind, id }: Subject): string =>
  createHash('sha256').update(`${kind}#${id}`).digest('hex').slice(0, 16)
