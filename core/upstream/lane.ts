/** Who is asking: where the budget is short, the later ones of this list stop first. */
export type Lane = 'control' | 'write' | 'live' | 'sweep' | 'backfill'

/** How much of a window may be taken before a lane has to wait: all lanes together, this one included. */
const CEILINGS = { control: 1, write: 0.98, live: 0.95, sweep: 0.7, backfill: 0.5 } as const satisfies Record<
  Lane,
  number
>

/** How many calls of a window may be taken in all before the lane has to wait; at least one, however low the limit. */
export const ceilingOf = (lane: Lane, limit: number): number => Math.max(1, Math.floor(limit * CEILINGS[lane]))
