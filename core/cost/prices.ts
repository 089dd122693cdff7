/**
 * What AWS asks for, in US$: list prices of us-east-1 for arm64, without free allowances and discounts. They are from
 * September 2026 and from no bill: check them against the pricing pages before you rely on a sum.
 */
export const PRICES = {
  asOf: '2026-09',
  region: 'us-east-1',

  /** https://aws.amazon.com/api-gateway/pricing/: HTTP API, up to 300 million a month, per 512 KB. */
  apiRequest: 1.0 / 1e6,
  /** https://aws.amazon.com/lambda/pricing/ */
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  /** https://aws.amazon.com/sqs/pricing/: standard queue, per 64 KB. */
  sqsRequest: 0.4 / 1e6,
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** Storage, and the copy for point-in-time recovery. */
  tableGbMonth: 0.25 + 0.2,
  /** https://aws.amazon.com/eventbridge/pricing/: custom events, per 64 KB. */
  event: 1.0 / 1e6,
  /** https://aws.amazon.com/cloudwatch/pricing/ */
  logGb: 0.5,
  logGbMonth: 0.03,
  metricMonth: 0.3,
  /** Of each metric that an alarm watches. */
  alarmMonth: 0.1,
  dashboardMonth: 3.0,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretMonth: 0.4,
  /** https://aws.amazon.com/kms/pricing/ */
  keyMonth: 1.0,
  keyRequest: 0.03 / 1e4,
} as const
