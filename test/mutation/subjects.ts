/** A part of the product whose tests are judged by whether they notice when it is changed. */
export type Subject = {
  name: string
  /** The files that are changed. */
  mutate: readonly string[]
  /** The tests that are to notice: those that speak of the subject itself, */
  own: readonly string[]
  /** and those of what is made with it. */
  others: readonly string[]
}

/** What everything else rests on. A file without a statement, `fault.ts` say, has nothing that could be changed. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: 'signature',
    mutate: ['core/ingest/signature.ts', 'core/ingest/authenticate.ts'],
    own: ['test/ingest/signature.test.ts', 'test/ingest/authenticate.test.ts'],
    others: ['test/ingest/accept.test.ts'],
  },
  {
    name: 'identity',
    mutate: ['core/ingest/identity.ts', 'core/clickup/changes.ts', 'core/clickup/resource.ts'],
    own: ['test/clickup/identity.test.ts', 'test/clickup/changes.test.ts'],
    others: ['test/ingest/slim.test.ts'],
  },
  {
    name: 'claims',
    mutate: ['core/ledger/ledger.ts', 'core/ledger/keys.ts', 'core/process/claim.ts'],
    own: ['test/ledger/lives.test.ts', 'test/ledger/ledger.test.ts', 'test/process/claim.test.ts'],
    others: ['test/process/limits.test.ts'],
  },
  {
    name: 'budget',
    mutate: ['window', 'room', 'rates', 'lane', 'opening', 'gate', 'pool', 'witness'].map(
      (name) => `core/upstream/${name}.ts`,
    ),
    own: [
      'test/upstream/window.test.ts',
      'test/upstream/rates.test.ts',
      'test/upstream/witness.test.ts',
      'test/upstream/room.test.ts',
      'test/upstream/opening.test.ts',
      'test/upstream/gate-budget.test.ts',
      'test/upstream/gate-races.test.ts',
    ],
    others: ['test/upstream/polite.test.ts', 'test/upstream/gate-health.test.ts'],
  },
  {
    name: 'planner',
    mutate: ['plan', 'freshness', 'prepare'].map((name) => `core/process/expansion/${name}.ts`),
    own: [
      'test/process/plan-edges.test.ts',
      'test/process/freshness.test.ts',
      'test/process/plan.test.ts',
      'test/process/prepare.test.ts',
    ],
    others: ['test/process/storm.test.ts', 'test/process/lag.test.ts'],
  },
  {
    name: 'classifier',
    mutate: [
      'core/clickup/faults.ts',
      'core/clickup/write-fault.ts',
      'core/upstream/refusal.ts',
      'core/upstream/refused.ts',
      'core/upstream/status.ts',
    ],
    own: [
      'test/clickup/faults.test.ts',
      'test/clickup/write-fault.test.ts',
      'test/upstream/refusal.test.ts',
      'test/upstream/refused.test.ts',
      'test/upstream/status.test.ts',
    ],
    others: ['test/upstream/gate-health.test.ts', 'test/upstream/gate-budget.test.ts'],
  },
]
