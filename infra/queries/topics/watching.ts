import type { SavedQuery } from '../query.ts'

/** What the pulse sees, and what a pause holds back. */
export const WATCHING: readonly SavedQuery[] = [
  {
    name: 'PulseReadings',
    question: 'How did the stage do, every five minutes?',
    logsOf: ['pulse'],
    query: `fields @timestamp, watermarkAgeMs, quietMs, webhooksBroken, webhookFailCount, clickupIncident, paused
| filter message = "pulse"
| sort @timestamp desc
| limit 300`,
  },
  {
    name: 'ClickUpIncidents',
    question: "What did ClickUp's own status page tell?",
    logsOf: ['pulse'],
    query: `fields @timestamp, message, state, incidents.0, reason
| filter message like /incident|status page/
| sort @timestamp desc
| limit 100`,
  },
  {
    name: 'Pauses',
    question: 'What was put off because Hookline was paused?',
    logsOf: ['consumer', 'sync', 'guard'],
    query: `filter message like /paused/
| stats count(*) as times, sum(messages) as held by bin(15m), service, message
| sort times desc
| limit 200`,
  },
]
