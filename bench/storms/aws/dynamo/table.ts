import { textOrder } from './expressions/comparisons.ts'
import type { Place, TableSchema } from './schema.ts'
import type { Item } from './values.ts'

/** What one table holds. Items are never changed, only replaced. */
export type Table = {
  readonly schema: TableSchema
  readonly size: number
  get(place: Place): Item | undefined
  put(place: Place, item: Item): void
  delete(place: Place): void
  /** The items of one partition, by their sort key. */
  partition(pk: string): Item[]
  items(): Iterable<Item>
}

export function createTable(schema: TableSchema): Table {
  const partitions = new Map<string, Map<string, Item>>()
  let size = 0
  return {
    schema,
    get size() {
      return size
    },
    get: ({ pk, sk }) => partitions.get(pk)?.get(sk),
    put({ pk, sk }, item) {
      const partition = partitions.get(pk)
      if (!partition?.has(sk)) size += 1
      if (partition === undefined) partitions.set(pk, new Map([[sk, item]]))
      else partition.set(sk, item)
    },
    delete({ pk, sk }) {
      const partition = partitions.get(pk)
      if (!partition?.delete(sk)) return
      size -= 1
      if (partition.size === 0) partitions.delete(pk)
    },
    partition: (pk) => [...(partitions.get(pk) ?? [])].sort(([a], [b]) => textOrder(a, b)).map(([, item]) => item),
    *items() {
      for (const partition of partitions.values()) yield* partition.values()
    },
  }
}
