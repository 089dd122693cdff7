/**
 * Bytes of each function's bundle before compression, at the most: what has to be read and compiled at every cold start. The place
 * where they are decided; the suite and `npm run bench` hold them.
 */
export const BUDGETS = {
  verifier: 400_000,
  consumer: 600_000,
  'archiving-consumer': 750_000,
  sync: 600_000,
  guard: 500_000,
  'rotate-signing': 500_000,
  'rotate-token': 500_000,
  pulse: 500_000,
  health: 400_000,
  'check-release': 450_000,
  // The SDK of models is in it, and in no other.
  standup: 1_700_000,
} as const

export type FunctionName = keyof typeof BUDGETS
export const FUNCTION_NAMES: readonly FunctionName[] = [
  ...(['verifier', 'consumer', 'archiving-consumer', 'sync', 'guard', 'rotate-signing', 'rotate-token'] as const),
  ...(['pulse', 'health', 'check-release', 'standup'] as const),
]
