/** `null` where there is nothing to count. */
export type Percentiles = { count: number; p50: number | null; p85: number | null; p95: number | null }

/** By nearest rank: of so many in a hundred, none took longer. So each is a value that really occurred. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? null
  return { count: sorted.length, p50: at(50), p85: at(85), p95: at(95) }
}
