import type { Bound } from './scenario.ts'

const rounded = (value: number) => Math.round(value * 1_000) / 1_000

export const atMost = (figure: string, value: number, limit: number): Bound => ({
  figure,
  value: rounded(value),
  bound: `≤ ${limit}`,
  ok: value <= limit,
})

export const atLeast = (figure: string, value: number, limit: number): Bound => ({
  figure,
  value: rounded(value),
  bound: `≥ ${limit}`,
  ok: value >= limit,
})

export const none = (figure: string, value: number): Bound => ({ figure, value, bound: '0', ok: value === 0 })

/** What a reader wants to know and nothing depends on. */
export const shown = (figure: string, value: number): Bound => ({
  figure,
  value: rounded(value),
  bound: null,
  ok: true,
})
