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
  /** The items that an index holds under one key, in no order. */
  indexed(index: string, pk: string): Iterable<Item>
}

export function createTable(schema: TableSchema): Table {
  const partitions = new Map<string, Map<string, Item>>()
  const indexes = (schema.indexes ?? []).map(({ index, pk }) => ({ index, pk, byKey: new Map<string, Set<Item>>() }))
  /** An index has whatever has its key. */
  function reindex(old: Item | undefined, item: Item | undefined): void {
    for (const { pk, byKey } of indexes) {
      const [was, is] = [old?.[pk], item?.[pk]]
      if (old !== undefined && typeof was === 'string') byKey.get(was)?.delete(old)
      if (item === undefined || typeof is !== 'string') continue
      byKey.set(is, (byKey.get(is) ?? new Set()).add(item))
    }
  }
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
      reindex(partition?.get(sk), item)
      if (partition === undefined) partitions.set(pk, new Map([[sk, item]]))
      else partition.set(sk, item)
    },
    delete({ pk, sk }) {
      const partition = partitions.get(pk)
      reindex(partition?.get(sk), undefined)
      if (!partition?.delete(sk)) return
      size -= 1
      if (partition.size === 0) partitions.delete(pk)
    },
    partition: (pk) => [...(partitions.get(pk) ?? [])].sort(([a], [b]) => textOrder(a, b)).map(([, item]) => item),
    indexed: (name, pk) => indexes.find(({ index }) => index === name)?.byKey.get(pk) ?? [],
    *items() {
      for (const partition of partitions.values()) yield* partition.values()
    },
  }
}
