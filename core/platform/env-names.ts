/**
 * The environment variables of the functions: the one home of their names.
 * infra gives each together with the right to use what it names; the handlers parse them with `parseEnv`.
 */
export const ENV = {
  /** Name of the deployment: dimension of every metric, part of every physical name. */
  stage: 'HOOKLINE_STAGE',
  /** JSON: what each function has to know of the connections (see `core/platform/connections.ts`). */
  connections: 'HOOKLINE_CONNECTIONS',
  ledgerTable: 'LEDGER_TABLE',
  tasksTable: 'TASKS_TABLE',
  stateTable: 'STATE_TABLE',
  deliveriesQueueUrl: 'DELIVERIES_QUEUE_URL',
  quarantineQueueUrl: 'QUARANTINE_QUEUE_URL',
  busName: 'BUS_NAME',
  /** Where raw deliveries are kept; there only where a stage keeps them. */
  archiveBucket: 'ARCHIVE_BUCKET',
  jobsQueueUrl: 'JOBS_QUEUE_URL',
  guardQueueUrl: 'GUARD_QUEUE_URL',
  /** Base of every webhook's URL. */
  apiUrl: 'HOOKLINE_API_URL',
  /** ARN of the version of the verifier that is about to take over. */
  verifierVersion: 'VERIFIER_VERSION',
  /** JSON: the tunables of backfill, sweep and census (see `core/sync/settings.ts`). */
  syncSettings: 'HOOKLINE_SYNC_SETTINGS',
  /** JSON: the tunables of rotations (see `core/rotation/settings.ts`). */
  rotationSettings: 'HOOKLINE_ROTATION_SETTINGS',
  /** JSON: how verifiers keep signing secrets, for all who wait for them; never set by the template (see `core/secrets/signing.ts`). */
  signingCache: 'HOOKLINE_SIGNING_CACHE',
  /** JSON: the tunables of the consumer (see `core/process/settings.ts`). */
  settings: 'HOOKLINE_SETTINGS',
  /** Points the client at another ClickUp; never set by the template. */
  clickupApiUrl: 'CLICKUP_API_URL',
  /** Points the pulse at another status page; never set by the template. Without it another ClickUp has none. */
  clickupStatusUrl: 'CLICKUP_STATUS_URL',
  /** JSON: what the pulse goes by (see `core/pulse/settings.ts`). */
  pulseSettings: 'HOOKLINE_PULSE',
  /** Where jobs of summaries and recipes wait. */
  standupQueueUrl: 'STANDUP_QUEUE_URL',
  /** How long after it is due a summary is made, ms; never set by the template (see `functions/standup/run.ts`). */
  standupSettleMs: 'HOOKLINE_STANDUP_SETTLE_MS',
  /** Points the client of the model at another server; never set by the template. */
  modelUrl: 'MODEL_API_URL',
} as const
