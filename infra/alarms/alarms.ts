import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { AlarmRow, Part } from './alarm.ts'
import type { AlarmsConfig } from './config.ts'
import { descriptionOf } from './description.ts'
import { alarmsOf } from './index.ts'
import { alarmName } from './names.ts'
import { Topics } from './topics.ts'
import { type Watched, watchOf } from './watch.ts'

export type AlarmsProps = {
  stage: string
  config: AlarmsConfig
  /** What this stage has and others may not. */
  parts: ReadonlySet<Part>
  watched: Watched
  encryptionKey?: IKey | undefined
}

/** CloudWatch's words for ours. */
const COMPARISONS = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
} as const satisfies Record<AlarmRow['comparison'], string>

/**
 * What a new version of the verifier can break while it has a part of the deliveries. Not wrong signatures: whoever knows the
 * address could stop every deploy by them, and the check of a release asks for that already. Each has to ring within the five
 * minutes of a canary, with two of them left for the metric to arrive.
 */
export const OF_THE_VERIFIER: ReadonlySet<string> = new Set([
  'VerifierErrors',
  'DeliveriesUnavailable',
  'AcknowledgeTooSlow',
])

/** An alarm for each row, and the topics that they tell. */
export class Alarms extends Construct {
  /** Names of those that take a release of the verifier back. */
  readonly ofTheVerifier: readonly string[]

  constructor(scope: Construct, id: string, { stage, config, parts, watched, encryptionKey }: AlarmsProps) {
    super(scope, id)
    const rows = config.enabled ? alarmsOf(parts) : []
    this.ofTheVerifier = rows.filter(({ name }) => OF_THE_VERIFIER.has(name)).map(({ name }) => alarmName(stage, name))
    if (!config.enabled) return
    const topics = new Topics(this, 'Topics', { stage, config, encryptionKey })
    for (const row of rows) {
      const topic = topics.of[row.severity].topicArn
      new CfnAlarm(this, row.name, {
        alarmName: alarmName(stage, row.name),
        alarmDescription: descriptionOf(row, this, { stage, runbookUrl: config.runbookUrl }),
        ...watchOf(row, stage, watched),
        threshold: config.thresholds[row.name] ?? row.threshold,
        comparisonOperator: COMPARISONS[row.comparison],
        evaluationPeriods: row.periods,
        datapointsToAlarm: row.bad ?? row.periods,
        treatMissingData: row.missing.treat,
        alarmActions: [topic],
        // Who was called wants to know that it is over; a note needs no second one.
        ...(row.severity !== 'P3' && { okActions: [topic] }),
      })
    }
  }
}
