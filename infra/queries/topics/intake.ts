import type { SavedQuery } from '../query.ts'

/** What becomes of deliveries before the queue. */
export const INTAKE: readonly SavedQuery[] = [
  {
    name: 'WhyIgnored',
    question:
      'Why did nothing come of this delivery, or of what was done to this task? ID: of the delivery or of the task',
    logsOf: ['verifier', 'consumer'],
    query: `fields @timestamp, service, message, decision, reason, event, field, resource, connection, slot
| filter @message like "ID"
| filter message in ["delivery", "change", "A message was put off", "A message was quarantined"]
| sort @timestamp asc
| limit 200`,
  },
  {
    name: 'IgnoredDeliveries',
    question: 'Which deliveries and changes are dropped, and why?',
    logsOf: ['verifier', 'consumer'],
    query: `filter (message = "delivery" and decision in ["filtered", "refused", "tested"]) or (message = "change" and decision in ["dropped", "duplicate"])
| stats count(*) as times by service, connection, decision, reason, event, field
| sort times desc
| limit 200`,
  },
  {
    name: 'RefusedDeliveries',
    question: 'Which requests are refused, in which slot, and for what?',
    logsOf: ['verifier'],
    query: `filter message = "delivery" and decision = "refused"
| stats count(*) as refused, max(bytes) as largest by bin(5m), connection, slot, reason
| sort refused desc
| limit 200`,
  },
  {
    name: 'RefusedCallers',
    question: 'Where do the requests come from that are refused or throttled?',
    logsOf: ['api'],
    query: `filter status >= 400 and status < 500
| stats count(*) as requests by sourceIp, status, method, path
| sort requests desc
| limit 100`,
  },
  {
    name: 'UnansweredDeliveries',
    question: 'Which deliveries got a 5xx from us, so that ClickUp tries them again, and why?',
    logsOf: ['verifier', 'api'],
    query: `fields @timestamp, service, decision, reason, error.name, error.message, status, integrationStatus, integrationLatencyMs, error
| filter (message = "delivery" and decision = "unavailable") or status >= 500
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'SlowestDeliveries',
    question: 'Which deliveries did ClickUp wait longest for?',
    logsOf: ['verifier'],
    query: `fields @timestamp, ms, bytes, event, connection, slot, decision
| filter message = "delivery" and decision != "tested"
| sort ms desc
| limit 50`,
  },
]
