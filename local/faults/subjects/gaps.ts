import * as z from 'zod'
import type { Run } from '../../virtual/run.ts'

const gapsSchema = z.looseObject({
  gaps: z.array(
    z.looseObject({
      cause: z.string(),
      to: z.number().nullable(),
      sweptAt: z.number().nullable(),
      repaired: z.record(z.string(), z.number()),
    }),
  ),
})

/** The windows in which deliveries may have been missed: why, whether they are over and swept, and what was repaired in them. */
export function gapsOf(run: Run) {
  const stored = run.state('gaps')
  if (stored === null) return []
  return gapsSchema.parse(stored).gaps.map(({ cause, to, sweptAt, repaired }) => ({
    ...{ cause, repaired },
    isOver: to !== null,
    isSwept: sweptAt !== null,
  }))
}
