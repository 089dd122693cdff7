import type { Fetch } from '../../core/upstream/exchange.ts'
import type { Through } from '../virtual/aws/in-process.ts'
import type { VirtualTime } from '../virtual/time.ts'
import type { Variation } from '../virtual/variation.ts'
import { type Seen, seenOfAws, seenOfClickUp } from './calls.ts'
import { type Fault, FROZEN_MS } from './faults.ts'
import { inPart } from './partial.ts'
import { answerOfClickUp, errorOf, timeoutError } from './refusals.ts'

/** What befalls a call; null for nothing. */
export type Plan = (call: Seen) => Fault | null

export type Disturbance = Required<Pick<Variation, 'through' | 'fetch' | 'outlives'>> & {
  /** Every call of the containers that are disturbed, in the order in which they were begun. */
  readonly calls: readonly Seen[]
  /** What was disturbed, and how. */
  readonly hits: readonly { readonly call: Seen; readonly fault: Fault }[]
  /** Whether nobody stands still, and whoever did has had the time to go on. */
  isOver(): boolean
  /** Before it is told of a machine's time nothing is disturbed. @param span calls outside of it are neither counted nor disturbed */
  begin(time: VirtualTime, span: Span): void
}

/** Virtual time, ms since 1970. */
type Span = { readonly from: number; readonly until: number }

/** All tries of the SDK together (CALL_LIMITS.worker). */
const GIVES_UP_MS = 15_000

/** Whoever goes on after standing still ends by its own time-out at the latest. */
const GOES_ON_MS = 120_000

/** What becomes of whatever a container that has ended waits for. */
const never = new Promise<never>(() => undefined)

/** Stands between the containers whose labels begin so and the world, and has a plan for each of their calls. */
export function createDisturbance(prefixes: readonly string[], plan: Plan): Disturbance {
  const calls: Seen[] = []
  const hits: { call: Seen; fault: Fault }[] = []
  const ended = new Set<string>()
  /** Containers that stand still, until their promise is kept. */
  const still = new Map<string, Promise<void>>()
  const outlived = new Set<string>()
  /** What is waited for by somebody who stands still. */
  const wakers = new Set<(by: Seen) => void>()
  let now: ({ time: VirtualTime } & Span) | null = null
  let lastHeaders = new Headers()
  let goesOnUntil = 0

  const isDisturbed = (container: string) =>
    now !== null &&
    now.time.now() >= now.from &&
    now.time.now() < now.until &&
    prefixes.some((prefix) => container.startsWith(prefix))

  function enter(container: string, what: Omit<Seen, 'index' | 'container'>): { seen: Seen; fault: Fault | null } {
    const seen = { index: calls.length, container, ...what }
    calls.push(seen)
    for (const wake of wakers) wake(seen)
    const fault = ended.has(container) ? null : plan(seen)
    if (fault !== null) hits.push({ call: seen, fault })
    return { seen, fault }
  }

  const sleep = (ms: number) => now?.time.sleep(ms) ?? Promise.resolve()

  /** An answer as the container hears it: never when it has ended, later when it stands still. */
  async function heard<T>(container: string, answer: () => T | Promise<T>): Promise<T> {
    try {
      return await answer()
    } finally {
      await still.get(container)
      if (ended.has(container)) await never
    }
  }

  function end(container: string): Promise<never> {
    ended.add(container)
    return never
  }

  /** Stands still until long after, or until somebody else begins the same call. */
  async function standStill(seen: Seen, fault: 'frozen' | 'overlaps'): Promise<void> {
    outlived.add(seen.container)
    const { promise, resolve } = Promise.withResolvers<void>()
    still.set(seen.container, promise)
    const wake = (by: Seen) => {
      const isSame = by.name === seen.name && by.target === seen.target && by.key === seen.key
      if (isSame && by.container !== seen.container) resolve()
    }
    if (fault === 'overlaps') wakers.add(wake)
    void sleep(FROZEN_MS).then(resolve)
    await promise
    wakers.delete(wake)
    still.delete(seen.container)
    goesOnUntil = (now?.time.now() ?? 0) + GOES_ON_MS
  }

  async function disturbed<T>(seen: Seen, fault: Fault, does: Does<T>): Promise<T> {
    switch (fault) {
      case 'diesBefore':
        return end(seen.container)
      case 'diesAfter':
        await does.it()
        return end(seen.container)
      case 'fails':
      case 'throttled':
      case 'refused':
        return does.refuse(fault)
      case 'timesOutAfter':
        await does.it()
        return does.giveUp()
      case 'timesOut':
        return does.giveUp()
      case 'twice':
        await does.it()
        return does.it()
      case 'oneEntry':
      case 'allEntries':
        return does.inPart(fault)
      case 'frozen':
      case 'overlaps':
        await standStill(seen, fault)
        return does.it()
    }
  }

  const through: Disturbance['through'] = (call, next, { label }) => {
    if (ended.has(label)) return never
    if (still.has(label)) return still.get(label)?.then(() => through(call, next, { label, sleep })) ?? never
    if (!isDisturbed(label)) return heard(label, () => next(call))
    const { seen, fault } = enter(label, seenOfAws(call))
    const does = doesOfAws(call, next, { seen, sleep })
    return heard(label, () => (fault === null ? next(call) : disturbed(seen, fault, does)))
  }

  const fetch: Disturbance['fetch'] = (given, label) => {
    const kept: Fetch = async (url, init) => {
      const response = await given(url, init)
      lastHeaders = response.headers
      return response
    }
    return async (url, init) => {
      if (ended.has(label)) return never
      await still.get(label)
      if (!isDisturbed(label)) return heard(label, () => kept(url, init))
      const { seen, fault } = enter(label, seenOfClickUp(url, init.method ?? 'GET'))
      const does = doesOfClickUp(() => kept(url, init), { signal: init.signal, headers: () => lastHeaders, sleep })
      return heard(label, () => (fault === null ? kept(url, init) : disturbed(seen, fault, does)))
    }
  }

  return {
    ...{ through, fetch, calls, hits },
    outlives: (container) => outlived.has(container),
    isOver: () => still.size === 0 && (now === null || now.time.now() >= goesOnUntil),
    begin: (time, span) => {
      now = { time, ...span }
    },
  }
}

/** A call, and what else may be answered in its place. */
type Does<T> = {
  it(): T | Promise<T>
  refuse(reason: 'fails' | 'throttled' | 'refused'): T | Promise<T>
  giveUp(): Promise<T>
  inPart(which: 'oneEntry' | 'allEntries'): Promise<T>
}

type Sleep = (ms: number) => Promise<void>

const doesOfAws = (
  call: Parameters<Through>[0],
  next: Parameters<Through>[1],
  { seen, sleep }: { seen: Seen; sleep: Sleep },
): Does<object> => ({
  it: () => next(call),
  refuse: (reason) => {
    throw errorOf(seen, reason)
  },
  giveUp: async () => {
    await sleep(GIVES_UP_MS)
    throw timeoutError()
  },
  inPart: (which) => inPart(call, next, which),
})

const doesOfClickUp = (
  it: () => Promise<Response>,
  { signal, headers, sleep }: { signal: AbortSignal | null | undefined; headers: () => Headers; sleep: Sleep },
): Does<Response> => ({
  it,
  refuse: (reason) => answerOfClickUp(reason, headers()),
  giveUp: async () => {
    // Whoever asks has said how long they wait.
    while (signal?.aborted === false) await sleep(1_000)
    throw signal?.reason ?? timeoutError()
  },
  inPart: async () => {
    throw new Error('ClickUp answers no batch')
  },
})
