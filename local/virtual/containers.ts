import type { Random } from '../clickup/random.ts'
import type { VirtualTime } from './time.ts'

/** One execution environment of the function: what it keeps between invocations is its own. */
export type Container = {
  invoke(event: unknown, remainingMs: number): Promise<unknown>
  /** Ends whatever runs in it, in the middle of what it does. */
  kill(): void
}

/** What came of an invocation. */
export type Ended =
  | { kind: 'returned'; payload: unknown }
  | { kind: 'threw'; error: unknown }
  | { kind: 'timedOut' }
  | { kind: 'killed' }

/** A container that was not used for so long is gone, and what it kept with it. */
const KEPT_MS = 600_000
/** Not counted in the time-out. */
const COLD_START_MS = [250, 600] as const

type Idle = { container: Container; since: number }
type Services = { time: VirtualTime; random: Random; timeoutMs: number }

/**
 * Containers as Lambda has them: one batch at a time in each, the one that was used last first, a new one where none is free,
 * and an end for what takes too long.
 */
export function createContainers(make: () => Container, { time, random, timeoutMs }: Services) {
  const idle: Idle[] = []
  const running = new Set<(ended: Ended) => void>()

  async function take(): Promise<Container> {
    while (idle[0] !== undefined && time.now() - idle[0].since > KEPT_MS) idle.shift()
    const warm = idle.pop()
    if (warm !== undefined) return warm.container
    await time.sleep(random.int(...COLD_START_MS))
    return make()
  }

  async function run(container: Container, event: unknown): Promise<Ended> {
    try {
      return { kind: 'returned', payload: await container.invoke(event, timeoutMs) }
    } catch (error) {
      return { kind: 'threw', error }
    }
  }

  async function invoke(event: unknown): Promise<Ended> {
    const container = await take()
    const { promise: cutOff, resolve: cut } = Promise.withResolvers<Ended>()
    running.add(cut)
    const cancel = time.schedule(time.now() + timeoutMs, () => cut({ kind: 'timedOut' }))
    const ended = await Promise.race([run(container, event), cutOff])
    cancel()
    running.delete(cut)
    if (ended.kind === 'timedOut' || ended.kind === 'killed') container.kill()
    else idle.push({ container, since: time.now() })
    return ended
  }

  return {
    invoke,
    /** Ends whatever runs, wherever it is, and answers how many invocations that were. */
    kill(): number {
      const some = [...running]
      for (const cut of some) cut({ kind: 'killed' })
      return some.length
    },
  }
}
