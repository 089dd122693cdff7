import * as z from 'zod'
import { CLICKUP } from '../../../core/clickup/provider.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { createGate, type GateServices } from '../../../core/upstream/gate.ts'
import type { Lane } from '../../../core/upstream/lane.ts'
import { createPolite, type PoliteServices } from '../../../core/upstream/polite.ts'
import type { Provider } from '../../../core/upstream/provider.ts'
import type { UpstreamStore } from '../../../core/upstream/store.ts'
import type { VirtualTime } from '../../../local/virtual/time.ts'

export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

export type WorkerOptions = {
  time: VirtualTime
  store: UpstreamStore
  fetch: Fetch
  random: () => number
  lane: Lane
  provider?: Provider
  limits?: NonNullable<GateServices['limits']>
  token?: PoliteServices['token']
}

/** A container: a gate of its own on the state that all share, and a client that passes it. */
export function createWorker({ time, store, fetch, random, lane, provider = CLICKUP, limits, token }: WorkerOptions) {
  const outcomes: string[] = []
  const services = { clock: time, random, sleep: time.sleep }
  const gate = createGate({ ...services, store, windows: provider.windows, log: silent, ...(limits ? { limits } : {}) })
  const polite = createPolite(provider, {
    ...services,
    fetch,
    timeout: time.timeout,
    token: token ?? (async () => ({ token: 't', version: '1' })),
    gate,
    lane,
    onCall: ({ outcome }) => void outcomes.push(outcome),
  })
  return { gate, polite, outcomes, call: () => polite.get('http://provider.test/', z.unknown()) }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
