/** Why no test can notice a change of the code. */
export type Explanation = {
  file: string
  /** What stands there, as it stands there, in one line. */
  from: string
  /** What it is changed into; without it any change of that. */
  to?: string
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
    file: 'core/upstream/rates.ts',
    from: 'retryAfter === null',
    to: 'false',
    reason: 'for the type: no answer has a header called null',
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
]
