import fc from 'fast-check'
import * as z from 'zod'

const seed = z.number().int().min(0)

/** One thing that happens to the system: plain data, so that a run can be written down and played again. */
export const commandSchema = z.discriminatedUnion('kind', [
  /** People do so many things with tasks, one every so many milliseconds. */
  z.object({ kind: z.literal('people'), seed, count: z.number().int(), everyMs: z.number().int() }),
  /** One of them changes many tasks in the same millisecond. */
  z.object({ kind: z.literal('bulk'), seed, count: z.number().int() }),
  z.object({ kind: z.literal('deleteTask'), seed }),
  z.object({ kind: z.literal('restoreTask'), seed }),
  /** A list, folder or space is made or renamed, or a member joins or is renamed. */
  z.object({ kind: z.literal('place'), seed }),
  /** Our token does not see a space any more; or it sees all of them again. */
  z.object({ kind: z.literal('hide'), seed }),
  z.object({ kind: z.literal('show') }),
  /** How deliveries fare from now on. */
  z.object({
    kind: z.literal('deliveries'),
    lost: z.number(),
    doubled: z.number(),
    reorderingMs: z.number().int(),
    late: z.number(),
    lateMs: z.number().int(),
  }),
  /** How long ClickUp takes to answer from now on, and how old its answers may be. */
  z.object({ kind: z.literal('latency'), ms: z.number().int(), lagMs: z.number().int() }),
  z.object({ kind: z.literal('outage'), minutes: z.number().int(), answer: z.enum(['disconnect', '503']) }),
  /** Somebody else uses our token. */
  z.object({ kind: z.literal('stranger'), calls: z.number().int() }),
  /** What becomes of every webhook that there is. */
  z.object({ kind: z.literal('webhook'), what: z.enum(['suspend', 'silence', 'delete']) }),
  z.object({ kind: z.literal('rotateSigning'), beside: z.boolean() }),
  z.object({ kind: z.literal('rotateToken'), how: z.enum(['test', 'another', 'useless']) }),
  /** The token is revoked, and another one brought after so many minutes. */
  z.object({ kind: z.literal('tokenDies'), minutes: z.number().int() }),
  z.object({ kind: z.literal('pause'), minutes: z.number().int(), polled: z.boolean() }),
  /** Whatever is being done is ended in the middle of it. */
  z.object({ kind: z.literal('kill'), who: z.enum(['consumer', 'sync', 'guard', 'rotation']) }),
  z.object({ kind: z.literal('job'), job: z.enum(['backfill', 'sweep', 'census', 'guard']) }),
  z.object({ kind: z.literal('wait'), ms: z.number().int() }),
])
export type Command = z.infer<typeof commandSchema>

const SECOND = 1_000
const MINUTE = 60 * SECOND

const own = fc.nat({ max: 999_999 })
const share = fc.constantFrom(0, 0.1, 0.3, 1)
const waits = fc.constantFrom(SECOND, 20 * SECOND, MINUTE, 4 * MINUTE, 11 * MINUTE, 30 * MINUTE, 90 * MINUTE)

/** Any of the commands: what people do comes most often, because nothing else can be got wrong without it. */
const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('people' as const),
      seed: own,
      count: fc.integer({ min: 1, max: 12 }),
      everyMs: fc.constantFrom(1, 40, 2_000, 30_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('bulk' as const), seed: own, count: fc.integer({ min: 2, max: 15 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deleteTask' as const), seed: own }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restoreTask' as const), seed: own }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('place' as const), seed: own }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hide' as const), seed: own }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'show' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deliveries' as const),
      lost: share,
      doubled: share,
      reorderingMs: fc.constantFrom(0, 500, 20_000),
      late: share,
      lateMs: fc.constantFrom(MINUTE, 8 * MINUTE, 40 * MINUTE),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('latency' as const),
      ms: fc.constantFrom(50, 900, 6_000),
      lagMs: fc.constantFrom(0, 4_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('outage' as const),
      minutes: fc.constantFrom(1, 5, 25, 70),
      answer: fc.constantFrom('disconnect' as const, '503' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stranger' as const), calls: fc.constantFrom(30, 150) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('webhook' as const),
      what: fc.constantFrom('suspend' as const, 'silence' as const, 'delete' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rotateSigning' as const), beside: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rotateToken' as const),
      how: fc.constantFrom('test' as const, 'another' as const, 'useless' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tokenDies' as const), minutes: fc.constantFrom(2, 30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      minutes: fc.constantFrom(3, 40),
      polled: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      who: fc.constantFrom('consumer' as const, 'sync' as const, 'guard' as const, 'rotation' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('job' as const),
      job: fc.constantFrom(
        'backfill' as const,
        'sweep' as const,
        'sweep' as const,
        'census' as const,
        'guard' as const,
      ),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: waits }) },
)

/** So many of them at the most, one after the other. */
export const commandsArbitrary = (most: number): fc.Arbitrary<Command[]> =>
  fc.array(commandArbitrary, { minLength: 1, maxLength: most, size: 'max' })
