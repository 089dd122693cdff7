import type { SavedQuery } from '../query.ts'

/** What becomes of messages and changes. */
export const CONSUMER: readonly SavedQuery[] = [
  {
    name: 'FailedMessages',
    question: 'Which messages fail and come again, and why?',
    logsOf: ['consumer'],
    query: `fields @timestamp, message, connection, slot, attempts, reason, error.name, error.message
| filter level = "ERROR"
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'Quarantined',
    question: 'What was set aside, of which class and for what reason?',
    logsOf: ['consumer'],
    query: `filter message = "A message was quarantined"
| stats count(*) as messages, min(@timestamp) as firstAt, max(@timestamp) as lastAt by class, reason, connection
| sort messages desc
| limit 100`,
  },
  {
    name: 'Deferrals',
    question: 'What is put off, for which reason?',
    logsOf: ['consumer'],
    query: `filter message = "change" and decision = "deferred"
| stats count(*) as changes, max(ageMs) as oldestMs by bin(5m), connection, reason
| sort changes desc
| limit 200`,
  },
  {
    name: 'LatestChanges',
    question: 'Which changes took longest from delivery to publication?',
    logsOf: ['consumer'],
    query: `fields @timestamp, ageMs, changeId, resource, field, connection, read, degraded, deliveries
| filter message = "change" and decision = "published"
| sort ageMs desc
| limit 50`,
  },
  {
    name: 'WhatChanged',
    question: 'How many changes of which fields are published, and how were their tasks read?',
    logsOf: ['consumer'],
    query: `filter message = "change" and decision = "published"
| stats count(*) as changes, sum(deliveries) as told, pct(ageMs, 95) as p95 by connection, field, read
| sort changes desc
| limit 100`,
  },
]
