import * as z from 'zod'
import type { Machine } from '../virtual/run.ts'
import { isOurs, UNDER_WAY_MS } from './judge-calls.ts'

const upstreamSchema = z.looseObject({
  breaker: z.looseObject({ firstAt: z.number(), probes: z.number(), probeAt: z.number().nullable() }).optional(),
})

/** A time in which the breaker stood as it was: open, or taken by one probe, to whose end nobody else may call. */
type Shut = { readonly name: string; readonly probes: number; readonly from: number; until: number }

export type BreakerWatch = {
  /** To be called after whatever happens. */
  look(): void
  violations(): string[]
}

/** Sees when the breaker is open, and who calls all the same. */
export function watchBreaker({ state, time, clickup }: Pick<Machine, 'state' | 'time' | 'clickup'>): BreakerWatch {
  const times: Shut[] = []
  let now: Shut | null = null

  return {
    look() {
      const { breaker } = upstreamSchema.safeParse(state('upstream')).data ?? {}
      const isOpen = breaker !== undefined && breaker.probeAt !== null
      const name = isOpen ? `${breaker.firstAt} ${breaker.probes}` : null
      if (now !== null) now.until = time.now()
      if (name === (now?.name ?? null)) return
      now = name === null || !isOpen ? null : { name, probes: breaker.probes, from: time.now(), until: time.now() }
      if (now !== null) times.push(now)
    },
    violations() {
      const ours = clickup.calls.filter(isOurs)
      return times.flatMap(({ probes, from, until }) => {
        const during = ours.filter(({ begunAt }) => begunAt >= from && begunAt < until)
        // Whoever had a passage when it opened goes through it; when a probe is taken nobody else has one.
        const late = probes === 0 ? during.filter(({ begunAt }) => begunAt > from + UNDER_WAY_MS) : during.slice(1)
        return late.length === 0 ? [] : [`${late.length} calls while the breaker was open from ${from} to ${until}`]
      })
    },
  }
}
