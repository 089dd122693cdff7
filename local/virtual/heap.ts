/** A binary heap: the item that comes before all others is at hand. */
export function createHeap<Item>(isBefore: (a: Item, b: Item) => boolean) {
  const items: Item[] = []

  const swap = (i: number, j: number) => {
    const [a, b] = [items[i], items[j]]
    if (a === undefined || b === undefined) return
    items[i] = b
    items[j] = a
  }
  const comesFirst = (i: number, j: number): boolean => {
    const [a, b] = [items[i], items[j]]
    return a !== undefined && b !== undefined && isBefore(a, b)
  }

  function rise(from: number): void {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1
      if (!comesFirst(at, above)) return
      swap(at, above)
      at = above
    }
  }

  function sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const first = comesFirst(right, left) ? right : left
      if (!comesFirst(first, at)) return
      swap(first, at)
      at = first
    }
  }

  return {
    peek: (): Item | undefined => items[0],
    push(item: Item): void {
      items.push(item)
      rise(items.length - 1)
    },
    pop(): Item | undefined {
      swap(0, items.length - 1)
      const item = items.pop()
      sink()
      return item
    },
  }
}
