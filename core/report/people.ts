import type { Member } from '../sync/members.ts'

type Somebody = { id: string; name: string | null; email?: string | undefined }

/** Who somebody is, whatever account of theirs is meant; the name is what tells people apart. */
export type People = { nameOf(somebody: Somebody): string }

/**
 * The map of identities: an account is its member, a member is an e-mail address, and an address is a name. Names given by
 * hand, by id, address or name, come first; accounts with one address are one person.
 */
export function createPeople(members: readonly Member[], byHand: Readonly<Record<string, string>>): People {
  const given = new Map(Object.entries(byHand).map(([key, name]) => [lower(key), name]))
  const byId = new Map(members.map((member) => [member.id, member]))
  const byEmail = new Map<string, string>()
  for (const { email, name } of members) {
    if (email !== undefined && name !== null && !byEmail.has(lower(email))) byEmail.set(lower(email), name)
  }
  return {
    nameOf({ id, name, email }) {
      const member = byId.get(id)
      const address = member?.email ?? email
      const called = member?.name ?? name
      const keys = [id, address, called].flatMap((key) => (key === undefined || key === null ? [] : [lower(key)]))
      const hand = keys.map((key) => given.get(key)).find((each) => each !== undefined)
      return hand ?? (address === undefined ? undefined : byEmail.get(lower(address))) ?? called ?? id
    },
  }
}

const lower = (text: string) => text.trim().toLowerCase()
