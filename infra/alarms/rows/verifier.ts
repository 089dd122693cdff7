import type { AlarmRow } from '../alarm.ts'
import { lambda, ours } from '../signals.ts'

const NO_DELIVERY = 'Without deliveries there is nothing to answer; that none come has an alarm of its own.'
const EVENT = 'It is counted when it happens, and normally it does not.'

/** How ClickUp is answered. */
export const VERIFIER: readonly AlarmRow[] = [
  {
    name: 'VerifierErrors',
    severity: 'P1',
    impact:
      'Deliveries are answered 5xx because the verifier ends with an error: after five tries ClickUp drops each for ever.',
    watched: 'invocations of the verifier that ended with an error or a time-out',
    unit: 'count',
    watches: { kind: 'signal', signal: lambda('Errors', 'verifier') },
    periodSeconds: 300,
    threshold: 5,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: NO_DELIVERY },
    runbook: {
      causes: [
        'A release that does not start: a missing environment variable, a right that was taken away.',
        'Secrets Manager or SQS answer so slowly that the time-out ends the invocation.',
        'A change by hand in the function or its role.',
      ],
      steps: [
        'Run `Crashes`: the error says which of them it is.',
        'Did it begin with a deploy? Deploy the release before, see [rollback.md](rollback.md); a canary that was under way is taken back by itself.',
        'Time-outs: look at the health of Secrets Manager and SQS in this region (AWS Health Dashboard). Raise `verifier.memoryMb` if `ColdStarts` are long.',
        '`npx hookline status` shows how many events ClickUp has given up; they are found by the next sweep: `npx hookline sync`, then `npx hookline gaps`.',
      ],
      queries: ['Crashes', 'UnansweredDeliveries', 'ColdStarts'],
    },
  },
  {
    name: 'VerifierThrottled',
    severity: 'P1',
    impact:
      'Deliveries are answered 5xx because Lambda does not run the verifier: after five tries ClickUp drops each for ever.',
    watched: 'invocations of the verifier that Lambda refused',
    unit: 'count',
    watches: { kind: 'signal', signal: lambda('Throttles', 'verifier') },
    periodSeconds: 300,
    threshold: 5,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: NO_DELIVERY },
    runbook: {
      causes: [
        "Other functions use up the account's concurrency in this region; a new account has as little as 10.",
        'Somebody has reserved a concurrency for the verifier, or set it to 0.',
        'A flood of forged requests: see [RefusedSignatures](#refusedsignatures).',
      ],
      steps: [
        'Console, Lambda: the concurrency of the account and who uses it. Ask for a higher quota (Service Quotas, "Concurrent executions").',
        "A flood: `RefusedCallers` shows from where. Lower `throttling.rate`, and leave room for ClickUp's storms.",
        'Then `npx hookline sync` and `npx hookline gaps`.',
      ],
      queries: ['RefusedCallers', 'TimeAndMemory'],
    },
  },
  {
    name: 'VerifierUnavailable',
    severity: 'P1',
    impact:
      'Deliveries are answered 503 in a row, for the queue or a secret cannot be reached: after five tries ClickUp drops each for ever.',
    watched: 'deliveries answered 503',
    unit: 'count',
    // Not the 5xx of API Gateway: those of `GET /health` would be among them.
    watches: { kind: 'signal', signal: ours('DeliveriesUnavailable', 'Sum') },
    periodSeconds: 300,
    threshold: 10,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: EVENT },
    runbook: {
      causes: [
        'SQS or Secrets Manager of this region has an incident.',
        "The verifier's right to the queue or to the secret was taken away; the key of either was disabled.",
        'The signing secret was deleted, or does not hold what it should.',
      ],
      steps: [
        'Run `UnansweredDeliveries`: the reason is `queue` or `secret`, with the error of AWS.',
        '`AccessDenied`: `npx cdk drift Hookline-STAGE-Service` shows what was changed by hand; put it back there, for a deploy of the same template changes nothing.',
        'A secret that cannot be read as ours: `npx hookline connect` mends it with what ClickUp lists.',
        'Else the AWS Health Dashboard, and wait. Then `npx hookline sync` and `npx hookline gaps`.',
      ],
      queries: ['UnansweredDeliveries'],
    },
  },
  {
    name: 'DeliveriesUnavailable',
    severity: 'P3',
    impact: 'A few deliveries were answered 503; ClickUp tries each of them again, up to five times.',
    watched: 'deliveries answered 503',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('DeliveriesUnavailable', 'Sum') },
    periodSeconds: 300,
    threshold: 3,
    comparison: '>=',
    periods: 1,
    missing: { treat: 'notBreaching', why: EVENT },
    runbook: {
      causes: [
        'A short fault of SQS or Secrets Manager.',
        'The beginning of [VerifierUnavailable](#verifierunavailable).',
      ],
      steps: [
        'Run `UnansweredDeliveries` for the reason. If it has stopped, nothing: a later try of ClickUp has succeeded, or the sweep finds the change.',
        '`npx hookline gaps` shows whether ClickUp has given up anything.',
      ],
      queries: ['UnansweredDeliveries'],
    },
  },
]
