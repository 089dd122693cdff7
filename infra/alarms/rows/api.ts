import type { AlarmRow } from '../alarm.ts'
import { ours } from '../signals.ts'

const QUIET = 'No calls, no errors: at night nobody may call for minutes.'

/** Below so many calls a share says nothing, and one lost packet would wake somebody. */
const FEWEST_CALLS = 3
const FEWEST_ERRORS = 5

/** Whether ClickUp answers, and how fast. */
export const API: readonly AlarmRow[] = [
  {
    name: 'ApiUnreachable',
    severity: 'P1',
    impact: 'ClickUp cannot be reached: changes are published late and without their task, and nothing is repaired.',
    watched: `1 when calls were made, at least ${FEWEST_CALLS}, and none of them had a usable answer, else 0`,
    unit: 'count',
    watches: {
      kind: 'expression',
      expression: `IF(calls >= ${FEWEST_CALLS} AND calls <= errors, 1, 0)`,
      signals: { calls: ours('ApiCalls', 'Sum'), errors: ours('ApiErrors', 'Sum') },
    },
    periodSeconds: 300,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'Without calls nothing is known, and while one fails there are more: the breaker lets a probe through every minute.',
    },
    runbook: {
      causes: [
        'ClickUp is down, whole or in part. Its status page often says so some minutes later.',
        'Our way out is broken: DNS, an egress rule of a VPC that somebody put the functions in, an expired certificate of a proxy.',
        '`CLICKUP_API_URL` points to somewhere else.',
      ],
      steps: [
        '`npx hookline status`: it says since when ClickUp does not answer. Nothing is lost meanwhile: deliveries are accepted and wait up to 14 days.',
        "Look at ClickUp's status page (status.clickup.com) and at `ClickUpIncident`. If it is ClickUp, wait: the breaker asks by one probe a minute, and everything is worked off by itself when it answers.",
        'If ClickUp is well, run `FailedCalls`: status `null` means that no answer came at all (network, DNS, time-out), 5xx that ClickUp gave one.',
        'If subscribers suffer more from changes without their task than from late ones, `npx hookline pause --reason "ClickUp is down"`, and `npx hookline resume` afterwards: what waited is then read before it is published.',
        'When it is over: `npx hookline sync`, then `npx hookline gaps` for what was missed.',
      ],
      queries: ['FailedCalls', 'ApiFaults'],
    },
  },
  {
    name: 'ApiServerErrors',
    severity: 'P1',
    impact: 'ClickUp fails in masses: changes are published late and may come without their task.',
    watched: 'calls answered with 500 or above',
    unit: 'count',
    watches: { kind: 'signal', signal: ours('ApiServerErrors', 'Sum') },
    periodSeconds: 60,
    threshold: 10,
    comparison: '>',
    periods: 1,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'An incident in which part of the calls succeed: when none does, the breaker opens after a few, and [ApiUnreachable](#apiunreachable) rings.',
        'One kind of call that ClickUp cannot answer just now.',
      ],
      steps: [
        'Run `LatencyPerEndpoint` and `FailedCalls`: all paths, or one?',
        'All: it is ClickUp. Treat it as [ApiUnreachable](#apiunreachable).',
        'One path: what needs it waits or comes degraded, the rest goes on. A 500 that is about the question (`FIELD_017` is one) is not counted here.',
        "Tell ClickUp's support with the times; a call's line has the path and the code.",
      ],
      queries: ['FailedCalls', 'LatencyPerEndpoint'],
    },
  },
  {
    name: 'ApiErrors',
    severity: 'P2',
    impact: 'Part of the calls to ClickUp fail: reads are repeated, and changes come late.',
    watched: `share of calls without a usable answer, of at least ${FEWEST_ERRORS} such calls`,
    unit: 'percent',
    watches: {
      kind: 'expression',
      // Whoever counts an error counts its call, too: where there are errors there is no division by zero.
      expression: `IF(errors >= ${FEWEST_ERRORS}, 100 * errors / calls, 0)`,
      signals: { errors: ours('ApiErrors', 'Sum'), calls: ours('ApiCalls', 'Sum') },
    },
    periodSeconds: 300,
    threshold: 5,
    comparison: '>',
    periods: 2,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'ClickUp is slow or half down: time-outs and 5xx.',
        'ClickUp answers in a form that we do not know (outcome `invalid`): its API has changed.',
        'A proxy in between answers with a page of its own.',
      ],
      steps: [
        'Run `ApiFaults`: outcome `unavailable` is ClickUp or the network, `invalid` is an answer that cannot be read.',
        '`unavailable`: see [ApiUnreachable](#apiunreachable). It heals by itself; the breaker keeps the calls few.',
        '`invalid` on one path: read the troubles of the same minute with `Troubles`, which say which field was unexpected, and mend its schema in `core/clickup`. What could not be read waits or comes degraded; after the fix `npx hookline sync` finds what is missing.',
      ],
      queries: ['ApiFaults', 'LatencyPerEndpoint', 'Troubles'],
    },
  },
  {
    name: 'ApiSlow',
    severity: 'P2',
    impact: "ClickUp answers slowly: changes come late, and the consumer's time costs more.",
    watched: '95th percentile of the time of a call',
    unit: 'milliseconds',
    watches: { kind: 'signal', signal: ours('ApiMs', 'p95') },
    periodSeconds: 300,
    threshold: 3000,
    comparison: '>',
    periods: 3,
    missing: { treat: 'notBreaching', why: QUIET },
    runbook: {
      causes: [
        'ClickUp is slow; often an incident begins so.',
        'Pages of very large tasks: about 1.8 s for a hundred is normal.',
        'The region of the stack is far from ClickUp.',
      ],
      steps: [
        'Run `LatencyPerEndpoint`: everything slow is ClickUp, one path slow is that path.',
        'Wait; nothing is lost. If [DeliveriesLate](#deliverieslate) comes, too, subscribers notice.',
      ],
      queries: ['LatencyPerEndpoint'],
    },
  },
  {
    name: 'ClickUpIncident',
    severity: 'P3',
    impact: 'ClickUp says that it has an incident: deliveries may be late or lost, and calls may fail.',
    watched: "1 while ClickUp's status page tells of an incident, else 0",
    unit: 'count',
    watches: { kind: 'signal', signal: ours('ClickUpIncident', 'Maximum') },
    periodSeconds: 600,
    threshold: 1,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'The pulse may be switched off from reading the page; that the pulse itself is gone has an alarm of its own.',
    },
    runbook: {
      causes: ['An incident at ClickUp, as its own status page has it. The page is read every five minutes.'],
      steps: [
        'Read status.clickup.com for what is affected. `npx hookline status` shows what was seen.',
        'Nothing to do: the breaker, the queue and the sweep are made for this. Let subscribers know that changes may be late.',
        'When it is over, `npx hookline gaps` lists what was missed and what the sweep has repaired.',
      ],
    },
  },
]
