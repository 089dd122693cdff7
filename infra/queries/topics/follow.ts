import type { SavedQuery } from '../query.ts'

/** One thing through all the logs. */
export const FOLLOW: readonly SavedQuery[] = [
  {
    name: 'EverythingAboutTask',
    question: 'What was done about this task, or this list, change, person or webhook? ID: whatever names it',
    logsOf: 'all',
    query: `fields @timestamp, service, level, message, decision, reason, field, read, ageMs, changeId, connection
| filter @message like "ID"
| sort @timestamp asc
| limit 1000`,
  },
  {
    name: 'DeliveryToPublish',
    question:
      'What became of this delivery, from the request to the event on the bus? ID: of the delivery, the request id of the API',
    logsOf: ['api', 'verifier', 'consumer'],
    query: `fields @timestamp, service, message, status, latencyMs, decision, reason, event, resource, field, changeId, ageMs
| filter @message like "ID"
| sort @timestamp asc
| limit 200`,
  },
  {
    name: 'Troubles',
    question: 'What do the functions complain of, how often, and since when?',
    logsOf: 'all',
    query: `filter level in ["WARN", "ERROR"]
| stats count(*) as times, min(@timestamp) as firstAt, max(@timestamp) as lastAt by service, level, message
| sort times desc
| limit 100`,
  },
]
