import type { SavedQuery } from '../query.ts'

/** What repairs: sweeps, censuses, the guard, rotations. */
export const SYNC: readonly SavedQuery[] = [
  {
    name: 'SweepRepairs',
    question: 'What did the sweeps repair, and how far is the watermark?',
    logsOf: ['sync'],
    query: `fields @timestamp, connection, repaired.changes, calls, pages, watermark, remark
| filter message = "A sweep has ended"
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'SyncTroubles',
    question: 'What kept sweeps, censuses and backfills from their work?',
    logsOf: ['sync'],
    query: `fields @timestamp, level, message, job, connection, error.name, error.message
| filter level in ["WARN", "ERROR"]
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'Censuses',
    question: 'What did the censuses count, and which were halted because too much seemed deleted?',
    logsOf: ['sync'],
    query: `fields @timestamp, message, connection, countedLists, countedTasks, deleted, outOfSight, changed
| filter message like /census/
| sort @timestamp desc
| limit 100`,
  },
  {
    name: 'WebhookRepairs',
    question: 'What was wrong with the webhooks, and what did the guard do about it?',
    logsOf: ['guard', 'sync'],
    query: `fields @timestamp, level, message, connection, slot, webhookId, cause, act, problems.0, reason
| filter message like /webhook|Nothing is delivered/
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'RotationSteps',
    question: 'Which steps did the rotations take, and why did one fail?',
    logsOf: ['rotate-signing', 'rotate-token', 'guard'],
    query: `fields @timestamp, level, message, connection, rotated, step, run, ms, reason, error.name, error.message
| filter ispresent(step) or message like /[Rr]otation|replaced|token/
| sort @timestamp desc
| limit 200`,
  },
]
