import type { METRICS } from '../../core/platform/metrics.ts'

/** P1 pages somebody, P2 warns within working hours, P3 is a note. One SNS topic each. */
export const SEVERITIES = ['P1', 'P2', 'P3'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What an alarm looks at. Percentiles as CloudWatch writes them. */
export type Statistic = 'Sum' | 'Minimum' | 'Maximum' | 'Average' | 'SampleCount' | `p${number}`

/** A metric of ours, or one that an AWS service publishes by itself about a resource of the stack, or an index of a table. */
export type Signal =
  | { kind: 'ours'; metric: keyof typeof METRICS; statistic: Statistic }
  | { kind: 'aws'; namespace: string; metric: string; of: Resource; index?: string; statistic: Statistic }

/** Resources of the stack by the words of the construct that knows their dimensions. */
export type Resource =
  | 'verifier'
  | 'consumer'
  | 'deliveriesQueue'
  | 'quarantineQueue'
  | 'failedJobsQueue'
  | 'failedGuardJobsQueue'
  | 'failedStandupQueue'
  | 'ledgerTable'
  | 'tasksTable'
  | 'stateTable'

/** What only some stages have: summaries and recipes, and a model that says them. */
export type Part = 'standup' | 'model'

/** What the watched number counts. */
export type Unit = 'count' | 'percent' | 'milliseconds' | 'seconds'

/** One alarm: the whole of what the template, the runbook and the tests know of it. */
export type AlarmRow = {
  /** In PascalCase; heading of its section in the runbook. The alarm is called `hookline-{stage}-{name}`. */
  name: string
  severity: Severity
  /**
   * It is there only where the stage has this.
   * @default - every stage has it
   */
  needs?: Part
  /** First sentence of the description: what it means for those who rely on the facts. */
  impact: string
  /** The watched number in words, without the threshold and the time; it stands before `> 5 %`, say. */
  watched: string
  unit: Unit
  /**
   * One signal, or a metric-math expression over several, each by its id in lower case. An expression has to be right whether or
   * not CloudWatch's FILL makes values where a metric has none at all in the time that is looked at.
   */
  watches:
    | { kind: 'signal'; signal: Signal }
    | { kind: 'expression'; expression: string; signals: Readonly<Record<string, Signal>> }
  /** What the pulse says comes every 300 s, but not into every 300 s of CloudWatch's clock: such a row takes 600 at least. */
  periodSeconds: number
  /** In the row's unit; `alarms.thresholds` of the config may set another. */
  threshold: number
  comparison: '>' | '>=' | '<' | '<='
  /** Periods that are looked at, and how many of them have to be bad. */
  periods: number
  /** @default all of the periods */
  bad?: number
  /** What no data means, and why that is right here: a sentence. */
  missing: { treat: 'breaching' | 'notBreaching' | 'ignore' | 'missing'; why: string }
  /** For the runbook. */
  runbook: {
    /** What usually is behind it, the likeliest first. */
    causes: readonly string[]
    /** What to do, in order; commands as code spans. */
    steps: readonly string[]
    /** Names of saved queries that help (`infra/queries`). */
    queries?: readonly string[]
  }
}
