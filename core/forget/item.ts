/** An item of any table, as it is stored. */
export type Item = Readonly<Record<string, unknown>>
