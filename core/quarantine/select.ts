import type { Quarantined } from './quarantined.ts'

/** Which messages are meant: all that are left undefined, else those that fit everything that is given. */
export type Selection = {
  class?: string | undefined
  ids?: readonly string[] | undefined
  connection?: string | undefined
}

export const isSelected = (given: Quarantined, { class: wanted, ids, connection }: Selection): boolean =>
  (wanted === undefined || given.class === wanted) &&
  (ids === undefined || ids.includes(given.id)) &&
  (connection === undefined || given.connection === connection)
