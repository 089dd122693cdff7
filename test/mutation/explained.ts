/** Why no test can notice a change of the code. */
export type Explanation = {
  file: string
  /** What stands there, as it stands there, in one line. */
  from: string
  /** What it is changed into, or one of several: what makes no difference says nothing of the opposite, in the same place. */
  to: string | readonly string[]
  /** The line it stands in, where the same stands in several. */
  line?: string
  reason: string
}

/** What survives although every test that could notice is there. Whoever changes the code finds out here what is out of date. */
export const EXPLAINED: readonly Explanation[] = [
  {
    file: 'core/ingest/signature.ts',
    from: 'value !== undefined',
    to: 'true',
    reason: 'for the type: "undefined" is no signature either',
  },
  {
    file: 'core/clickup/faults.ts',
    from: 'parsed.success',
    to: 'true',
    reason: 'without data it throws, and ends where what is no JSON ends',
  },
  {
    file: 'core/clickup/faults.ts',
    from: '{ err: z.string().optional(), ECODE: z.string().optional() }',
    to: '{}',
    reason: 'what is no text throws where it is cut, and ends where what is no JSON ends',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'retryAfter === null',
    to: 'false',
    reason: 'for the type: no answer has a header called null',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'wait === null',
    to: 'false',
    reason: 'for the type: null is no date either',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'limit !== null',
    to: 'true',
    line: 'limit: limit !== null && limit >= 1 && limit <= MAX_LIMIT,',
    reason: 'for the type: null is not 1 or more',
  },
  {
    file: 'core/upstream/room.ts',
    from: 'leased > 0',
    to: ['true', 'leased >= 0'],
    reason: 'ten more than none is the ten that there are anyhow',
  },
  {
    file: 'core/upstream/room.ts',
    from: 'diesAt !== null',
    to: 'true',
    reason: 'for the type: no time is before null, which counts as 1970',
  },
  {
    file: 'core/upstream/gate.ts',
    from: "opening.kind === 'blocked'",
    to: 'true',
    line: "if (opening.kind === 'blocked' && calls === 0) return opening",
    reason: 'for the type: what is open has a call at least',
  },
  {
    file: 'core/upstream/gate.ts',
    from: '{ override: null, known: null }',
    to: '{}',
    reason: 'for the type: every window of the provider was asked a moment before',
  },
  {
    file: 'core/ledger/ledger.ts',
    from: "status === 'done' && typeof id === 'string'",
    to: "status === 'done' || typeof id === 'string'",
    reason: 'a claim bears no id, and what is done bears one: either of the two says it',
  },
  {
    file: 'core/ledger/ledger.ts',
    from: "status === 'done'",
    to: 'true',
    line: "return new Set(items.flatMap(({ status, id }) => (status === 'done' && typeof id === 'string' ? id : [])))",
    reason: 'a claim bears no id',
  },
  {
    file: 'core/ledger/ledger.ts',
    from: "typeof id === 'string'",
    to: 'true',
    reason: 'what is done bears an id',
  },
  {
    file: 'core/process/claim.ts',
    from: "'claimed'",
    to: '""',
    line: "case 'claimed':",
    reason: 'for the type: behind the switch there is nothing to do',
  },
  {
    file: 'core/process/expansion/plan.ts',
    from: "passage.kind === 'free'",
    to: 'true',
    line: "const limit = passage.kind === 'free' ? passage.limit : 0",
    reason: 'for the type: whether it is calm is asked only where the way is free',
  },
  {
    file: 'core/process/expansion/prepare.ts',
    from: 'record === null',
    to: 'false',
    line: 'if (plan.listing === null || record === null) return { singly, listing: null }',
    reason: 'for the type: without a record no storm goes on, and nothing is listed',
  },
  {
    file: 'core/process/expansion/prepare.ts',
    from: "passage.kind !== 'blocked'",
    to: 'false',
    reason: 'for the type: where the way is free there is no why',
  },
  {
    file: 'core/process/expansion/prepare.ts',
    from: "'taken'",
    to: '""',
    reason: 'for the type: all that is asked is whether it was lost',
  },
  {
    file: 'core/process/expansion/prepare.ts',
    from: "passage.kind === 'free'",
    to: 'true',
    line: "const refused = plan.singly.slice(passage.kind === 'free' ? passage.calls : 0)",
    reason: 'for the type: what is blocked has no calls, and from there on is from the beginning',
  },
  {
    file: 'core/upstream/gate.ts',
    from: 'wish !== null',
    to: 'true',
    line: 'if (step.lent !== null && wish !== null) pool.put(wish.lane, step.lent.calls, [step.lent.mark])',
    reason: 'for the type: calls are lent to whoever has wished for them',
  },
  {
    file: 'core/upstream/opening.ts',
    from: "rooms.filter((room) => room.kind === 'free')",
    to: 'rooms',
    reason: 'for the type: where one room is full, this is not come to',
  },
  {
    file: 'core/upstream/opening.ts',
    from: "room.kind === 'free'",
    to: 'true',
    reason: 'for the type: where one room is full, this is not come to',
  },
  {
    file: 'core/upstream/opening.ts',
    from: '[]',
    to: '["Stryker was here"]',
    reason: 'a text has refused nothing until any time',
  },
  {
    file: 'core/upstream/pool.ts',
    from: 'lease.calls > 0',
    to: ['true', 'lease.calls >= 0'],
    line: 'leases = leases.filter((lease) => lease.calls > 0 && alive(lease, view))',
    reason: 'what is used up counts nothing; it is forgotten to save memory',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'limit === null',
    to: 'false',
    reason: 'for the type: what is missing was ignored a line before',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'remaining === null',
    to: 'false',
    reason: 'for the type: what is missing was ignored a line before',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'reset === null',
    to: 'false',
    reason: 'for the type: what is missing was ignored a line before',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'reset !== null',
    to: 'true',
    line: 'return { report, ignored, resetAt: reset !== null && fine.reset ? endsOf(reset, names.resetIs, answer).latest : null }',
    reason: 'for the type: what is missing is not fine',
  },
  {
    file: 'core/upstream/rates.ts',
    from: 'reset > 1e12',
    to: 'reset >= 1e12',
    reason:
      'that number is in 2001 as milliseconds and tens of thousands of years away as seconds: no window ends then',
  },
  {
    file: 'core/ledger/ledger.ts',
    from: '{ consistent: false }',
    to: '{}',
    reason: 'where nothing is said, DynamoDB reads at half the price all the same',
  },
]
