import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

/** Below so many a share says nothing: some are normal, for deleted tasks are asked for, too. */
const FEWEST_NO_ACCESS = 20

/** Whether ClickUp lets us in. */
export const ACCESS: readonly AlarmRow[] = [
  {
    name: 'TokenDead',
    severity: 'P1',
    impact: 'ClickUp refuses the API token: nothing is read, repaired or mended until somebody brings another.',
    watched:
      'calls refused because of the token, batches put off because it had been refused, and pulses until it is mended',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('TokenDead', 'Sum') },
    periodSeconds: 600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: 'It is counted when it happens, and normally it does not.' },
    runbook: {
      causes: [
        'The log says “The token could not be read from its secret”: then ClickUp was not asked at all, and the reason beside it, of Secrets Manager or KMS, is what to mend.',
        'Somebody pressed *Regenerate* beside the token in ClickUp, which ends the former one at once.',
        'The user whose token it is was removed from the workspace, or the app was revoked (OAuth).',
        'ClickUp answers `OAUTH_017`, `_018`, `_019`, `_021`, `_025` or `_077`. A 401 with another code (`OAUTH_027`) is no dead token, see [ApiNoAccess](#apinoaccess).',
        'A proxy in between answers 401 without a code: the code is `none` then, and the token may be good.',
      ],
      steps: [
        '`npx hookline status` names the connection and the code of the answer. Deliveries are accepted meanwhile, and nothing goes to quarantine.',
        'Ask the owner of the service account whether the token was regenerated or the account removed.',
        'Same user: `npx hookline rotate token` with a new token; it is tested before it is used, and every function takes it up within a minute.',
        'The user is gone: `npx hookline rotate token --takeover` with the token of another, better of a service account: its webhooks die with the user.',
        '`npx hookline status` must be green again; then `npx hookline sync`.',
      ],
      queries: ['ApiFaults'],
    },
  },
  {
    name: 'ApiNoAccess',
    severity: 'P2',
    impact:
      'ClickUp answers "no access or not found" far more often than usual: changes there stay without their task.',
    watched: `share of calls answered "no access, or no such id", of at least ${FEWEST_NO_ACCESS} such answers`,
    unit: 'percent',
    watches: {
      kind: 'expression',
      // A threshold and not a band of CloudWatch's anomaly detection: a band moves with the fault, nobody can say in advance when
      // it rings, and no test can show it.
      expression: `IF(refused >= ${FEWEST_NO_ACCESS}, 100 * refused / calls, 0)`,
      signals: { refused: ours('ApiNoAccess', 'Sum'), calls: ours('ApiCalls', 'Sum') },
    },
    periodSeconds: 900,
    threshold: 10,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: 'Who does not ask is not refused.' },
    runbook: {
      causes: [
        "The token's user was taken out of a space, a folder or a private list.",
        'Many tasks were deleted at once: ClickUp answers alike (`OAUTH_027`) for what is deleted and for what may not be seen.',
        'The user was made a guest, who sees only what is shared with guests.',
      ],
      steps: [
        'Run `ApiFaults`: it shows which kind of path is refused, and with which code.',
        "In ClickUp, look at the members of the spaces that `npx hookline status` lists, and put the token's user back.",
        'If the removal is meant, take the space or list out of the filter in `hookline.config.ts` and deploy.',
        'If tasks were deleted: nothing to do. `npx hookline sync --census` finds all of them now instead of within a day.',
      ],
      queries: ['ApiFaults', 'LatencyPerEndpoint'],
    },
  },
]
