/**
 * As many calls of one client as go out together: Node's agent keeps 50 sockets, and a call that waits for one longer than
 * its connection may take fails as if the service were down.
 */
const AT_ONCE = 25

/** Does the same for each item, few at a time, and answers in the order of the items. Rejects as soon as one does. */
export async function fewAtOnce<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const pending = items.entries()
  const worker = async () => {
    for (const [index, item] of pending) results[index] = await act(item)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return results
}
