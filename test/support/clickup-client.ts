import { type ClickUp, createClickUp } from '../../core/clickup/client.ts'
import type { Fetch } from '../../core/upstream/exchange.ts'
import { openGate } from './gate.ts'

/** The real client before some ClickUp, with a clock of its own and nobody to wait for. */
export const clientOf = (
  baseUrl: string,
  token: string,
  { fetch = globalThis.fetch }: { fetch?: Fetch } = {},
): ClickUp =>
  createClickUp({
    baseUrl,
    token: async () => ({ token, version: '1' }),
    fetch,
    clock: { now: () => Date.now() },
    random: () => 0,
    sleep: async () => undefined,
    gate: openGate,
    lane: 'sweep',
  })
