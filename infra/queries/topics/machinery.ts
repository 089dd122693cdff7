import type { SavedQuery } from '../query.ts'

/** The functions as Lambda runs them: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
export const MACHINERY: readonly SavedQuery[] = [
  {
    name: 'ColdStarts',
    question: 'How many cold starts are there, and how long do they take?',
    logsOf: 'all',
    query: `filter type = "platform.report" and ispresent(record.metrics.initDurationMs)
| stats count(*) as colds, pct(record.metrics.initDurationMs, 50) as p50, pct(record.metrics.initDurationMs, 99) as p99, max(record.metrics.initDurationMs) as slowest by @log
| sort colds desc`,
  },
  {
    name: 'TimeAndMemory',
    question: 'How long do the functions run, and how much of their memory do they use?',
    logsOf: 'all',
    query: `filter type = "platform.report"
| stats count(*) as runs, avg(record.metrics.durationMs) as mean, pct(record.metrics.durationMs, 99) as p99, max(record.metrics.maxMemoryUsedMB) as usedMb, max(record.metrics.memorySizeMB) as ofMb by @log
| sort runs desc`,
  },
  {
    name: 'Crashes',
    question: 'Which invocations ran into their time-out or died?',
    logsOf: 'all',
    query: `fields @timestamp, @log, record.status, record.errorType, record.requestId, record.metrics.durationMs, record.metrics.maxMemoryUsedMB
| filter type = "platform.report" and record.status != "success"
| sort @timestamp desc
| limit 100`,
  },
]
