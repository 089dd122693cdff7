import type { SavedQuery } from '../query.ts'

/** The calls to ClickUp's API. */
export const CLICKUP: readonly SavedQuery[] = [
  {
    name: 'LatencyPerEndpoint',
    question: 'How long does each endpoint of ClickUp take?',
    logsOf: 'all',
    query: `filter message = "call"
| stats count(*) as calls, avg(ms) as mean, pct(ms, 50) as p50, pct(ms, 95) as p95, pct(ms, 99) as p99, max(ms) as slowest by method, path
| sort p95 desc
| limit 100`,
  },
  {
    name: 'ApiFaults',
    question: 'Which calls does ClickUp refuse or fail, with which status and code?',
    logsOf: 'all',
    query: `filter message = "call" and outcome not in ["ok", "gone"]
| stats count(*) as calls, min(@timestamp) as firstAt, max(@timestamp) as lastAt by outcome, status, code, method, path, connection
| sort calls desc
| limit 100`,
  },
  {
    name: 'FailedCalls',
    question: 'Which were the last calls without a usable answer, one by one?',
    logsOf: 'all',
    query: `fields @timestamp, service, connection, method, path, status, code, outcome, ms, remaining, \`limit\`
| filter message = "call" and outcome not in ["ok", "gone"]
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'BudgetUse',
    question: 'Who spends the budget of calls, and how much of it is left?',
    logsOf: 'all',
    query: `filter message = "call"
| stats count(*) as calls, min(remaining) as least, max(\`limit\`) as allowed by bin(1m), connection, lane, service
| sort calls desc
| limit 200`,
  },
]
