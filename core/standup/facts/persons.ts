import type { People } from '../../report/people.ts'
import { nameText } from './name-text.ts'

type Somebody = { id: string; name: string | null; email?: string | undefined }

/** Who is met in the data. Several accounts of one person have one key, as the reports count them. */
export type Persons = {
  /** Null where nobody is known. */
  keyOf(somebody: Somebody | null): string | null
  /** The person of a key: the first of the accounts that were met, so that it is the same in whatever order they were. */
  of(key: string): { id: string; name: string }
}

export function createPersons(people: People): Persons {
  const ids = new Map<string, string>()
  return {
    keyOf(somebody) {
      if (somebody === null) return null
      const key = people.nameOf(somebody) || somebody.id
      const known = ids.get(key)
      if (known === undefined || isBefore(somebody.id, known)) ids.set(key, somebody.id)
      return key
    },
    of(key) {
      const id = ids.get(key) ?? key
      return { id, name: nameText(key, id) }
    },
  }
}

/** ClickUp's ids of users are numbers: the shorter is the smaller. */
const isBefore = (a: string, b: string) => a.length < b.length || (a.length === b.length && a < b)
