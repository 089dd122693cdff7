/** Requests to a table as it saw them: one per item, as it bills them, however many a batch brought. */
export type Counts = {
  readonly reads: number
  readonly writes: number
  /** Among the writes: those whose condition did not hold. They are billed too. */
  readonly refused: number
}

type Kind = 'read' | 'write' | 'refused'

/** Counts by table and key, so that the writes to one hot item can be told. */
export function createCounts() {
  const byTable = new Map<string, Map<string, { reads: number; writes: number; refused: number }>>()

  function countsOf(table: string, pk: string) {
    const byKey = byTable.get(table) ?? new Map<string, { reads: number; writes: number; refused: number }>()
    byTable.set(table, byKey)
    const name = shortened(pk)
    const counts = byKey.get(name) ?? { reads: 0, writes: 0, refused: 0 }
    byKey.set(name, counts)
    return counts
  }

  return {
    add(table: string, pk: string, kind: Kind, times = 1): void {
      const counts = countsOf(table, pk)
      if (kind === 'read') counts.reads += times
      else counts.writes += times
      if (kind === 'refused') counts.refused += times
    },
    /**
     * What a table was asked, all in all or about the keys with these first two parts: `main#upstream` is one item,
     * `main#task` is every task of the connection.
     */
    of(table: string, keys?: string): Counts {
      const sum = { reads: 0, writes: 0, refused: 0 }
      for (const [name, { reads, writes, refused }] of byTable.get(table) ?? []) {
        if (keys !== undefined && name !== keys) continue
        sum.reads += reads
        sum.writes += writes
        sum.refused += refused
      }
      return sum
    },
  }
}

/** `connection#kind` of `connection#kind#id`: by id there would be as many counts as items. */
function shortened(pk: string): string {
  const first = pk.indexOf('#')
  const second = first < 0 ? -1 : pk.indexOf('#', first + 1)
  return second < 0 ? pk : pk.slice(0, second)
}
