/** What one request may carry. */
export type BatchLimits = { entries: number; bytes: number }

/** Splits entries into requests, in their order; an entry that is too large by itself is a request of its own. */
export function inBatches<Entry>(
  entries: readonly Entry[],
  sizeOf: (entry: Entry) => number,
  limits: BatchLimits,
): Entry[][] {
  const batches: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    const last = batches.at(-1)
    if (last === undefined || last.length === limits.entries || bytes + size > limits.bytes) {
      batches.push([entry])
      bytes = size
    } else {
      last.push(entry)
      bytes += size
    }
  }
  return batches
}
