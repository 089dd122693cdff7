import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY } from '../../../core/platform/tables.ts'
import type { AlarmRow } from '../alarm.ts'
import { dynamodb } from '../signals.ts'

/** DynamoDB. */
export const TABLES: readonly AlarmRow[] = [
  {
    name: 'TablesThrottled',
    severity: 'P2',
    impact: 'DynamoDB refuses part of the reads and writes: changes come late, and if it lasts messages fail.',
    watched: 'throttled reads and writes of the three tables, and writes of their indexes',
    unit: 'count',
    watches: {
      kind: 'expression',
      // A sum over a list takes what is there: DynamoDB tells of throttles only when there are some.
      // Ten signals are as many as an alarm takes: reads of indexes are few, those of sweeps and of reports.
      expression:
        'SUM([ledger_reads, ledger_writes, tasks_reads, tasks_writes, state_reads, state_writes, by_day, by_list, by_space, by_time_day])',
      signals: {
        ledger_reads: dynamodb('ReadThrottleEvents', 'ledgerTable'),
        ledger_writes: dynamodb('WriteThrottleEvents', 'ledgerTable'),
        tasks_reads: dynamodb('ReadThrottleEvents', 'tasksTable'),
        tasks_writes: dynamodb('WriteThrottleEvents', 'tasksTable'),
        state_reads: dynamodb('ReadThrottleEvents', 'stateTable'),
        state_writes: dynamodb('WriteThrottleEvents', 'stateTable'),
        by_day: dynamodb('WriteThrottleEvents', 'ledgerTable', { index: BY_DAY.index }),
        by_list: dynamodb('WriteThrottleEvents', 'tasksTable', { index: BY_LIST.index }),
        by_space: dynamodb('WriteThrottleEvents', 'tasksTable', { index: BY_SPACE.index }),
        by_time_day: dynamodb('WriteThrottleEvents', 'tasksTable', { index: BY_TIME_DAY.index }),
      },
    },
    periodSeconds: 300,
    threshold: 10,
    comparison: '>=',
    periods: 1,
    missing: {
      treat: 'notBreaching',
      why: 'DynamoDB counts throttles when there are some, and says nothing otherwise.',
    },
    runbook: {
      causes: [
        'A storm that more than doubles the highest load so far within half an hour: a table on demand grows with it, but not at once.',
        'One key that is used more than 1,000 times a second: the item of the budget, one task, or the index of a list into which thousands of tasks come at once.',
        "A maximum was set on the table's throughput, or the quota of the account is reached.",
      ],
      steps: [
        'Console, DynamoDB, the table, Monitor: which of them, and reads or writes. Contributor Insights shows the key.',
        'A storm: wait. The SDK tries again, and so does the queue.',
        'A maximum or quota: raise it.',
        '`npx hookline quarantine list` afterwards.',
      ],
      queries: ['FailedMessages', 'Troubles'],
    },
  },
]
