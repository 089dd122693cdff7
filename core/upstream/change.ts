/** An attribute of an item, or one inside an attribute that is a map. */
export type Path = readonly [attribute: string, inside?: string]

/**
 * A conditional write to one item. Conditions compare what the decision rested on and not a version of the whole, so that
 * workers who are after different things, or after a part of the same, do not get into each other's way.
 */
export type Change = {
  set: readonly { path: Path; value: unknown }[]
  add: readonly { path: Path; by: number }[]
  remove: readonly Path[]
  when: readonly Condition[]
}

export type Condition =
  /** The attribute has this value; null: there is no such attribute. */
  { path: Path; is: number | string | null } | { path: Path; atMost: number }

/** A change of which only some parts are given. */
export const changeOf = (parts: Partial<Change>): Change => ({ set: [], add: [], remove: [], when: [], ...parts })

/** Several changes, all or none. */
export const allOf = (changes: readonly Change[]): Change => ({
  set: changes.flatMap(({ set }) => set),
  add: changes.flatMap(({ add }) => add),
  remove: changes.flatMap(({ remove }) => remove),
  when: changes.flatMap(({ when }) => when),
})

/** Sets members of a map. */
export const membersOf = (attribute: string, values: Readonly<Record<string, unknown>>): Change['set'] =>
  Object.entries(values).map(([inside, value]) => ({ path: [attribute, inside], value }))
