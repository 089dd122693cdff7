import * as z from 'zod'
import { nameSchema } from '../core/platform/connections.ts'
import { reportSettingsSchema } from '../core/report/settings.ts'
import { alarmsConfig } from './alarms/config.ts'
import { archiveConfig } from './archive-config.ts'
import { connectionsConfig } from './connection-config.ts'
import { encryptionKeyArn } from './encryption-config.ts'
import { deployConfig } from './release/deploy-config.ts'
import { restoredTablesConfig } from './restored-tables.ts'
import { checkStandup } from './standup/check.ts'
import { standupConfig } from './standup-config.ts'
import { MAX_VERIFIER_TIMEOUT_SECONDS, MIN_LEDGER_DAYS } from './timing.ts'
import { healthConfig, pulseConfig } from './watch-config.ts'
import { whole } from './whole.ts'

/** The lifetimes that CloudWatch Logs knows, in days. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const

/** Of one resource: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const MAX_TAGS = 50

const memoryMb = () => whole(128, 10_240, 'megabytes')

const consumer = z.strictObject({
  /**
   * Memory, and CPU with it. The consumer mostly waits for ClickUp; a batch of ten large deliveries has to fit.
   * @default 512
   */
  memoryMb: memoryMb().default(512),
  /**
   * Longest run on one batch. The lease of a claim and the queue's visibility follow from it (see `timing.ts`).
   * @default 60
   */
  timeoutSeconds: whole(10, 900, 'seconds').default(60),
  /**
   * Batches worked on at the same time. What limits a storm is ClickUp's budget, so more seldom helps.
   * @default 10
   */
  maxConcurrency: whole(2, 1000, 'batches').default(10),
  /**
   * Minutes that a change waits for its task to be read. After that it is published without, and `Task Expanded` follows
   * when the task has been read.
   * @default 10
   */
  degradedAfterMinutes: whole(1, 1440, 'minutes').default(10),
})

const sync = z.strictObject({
  /**
   * Memory of the function that reads the history and finds what was never delivered. A page of a hundred tasks has to fit
   * several times.
   * @default 512
   */
  memoryMb: memoryMb().default(512),
})

const rotation = z.strictObject({
  /**
   * Days between rotations of the signing secrets.
   * @default 30
   */
  signingDays: whole(1, 365, 'days').default(30),
  /**
   * Days between tests of the token. ClickUp makes no token by API: a new one is brought with `hookline rotate token`.
   * @default 30
   */
  tokenDays: whole(1, 365, 'days').default(30),
  /**
   * Minutes that a replaced webhook goes on beside the new one, for what ClickUp had on its way.
   * @default 60
   */
  overlapMinutes: whole(1, 1440, 'minutes').default(60),
})

const verifier = z.strictObject({
  /**
   * Memory, and CPU with it. 128 MB triples the warm answer and makes a cold one seconds long; above 256 MB little is gained,
   * and the largest accepted body (5 MiB, as base64 and as bytes) still fits.
   * @default 256
   */
  memoryMb: memoryMb().default(256),
  /**
   * Longest run on one delivery. ClickUp waits 7 s, so an answer has to come before that.
   * @default 5
   */
  timeoutSeconds: whole(1, MAX_VERIFIER_TIMEOUT_SECONDS, 'seconds').default(5),
})

const throttling = z.strictObject({
  /**
   * Requests a second that the API lets through in the long run. A throttled delivery costs one of ClickUp's five tries:
   * keep it well above a bulk edit's storm. It bounds what a flood of forged requests can cost.
   * @default 500
   */
  rate: whole(1, 10_000, 'requests a second').default(500),
  /**
   * Requests that may come at once.
   * @default 1000
   */
  burst: whole(1, 5000, 'requests').default(1000),
})

const customDomain = z.strictObject({
  /** The name that ClickUp is told instead of the API's own, such as `hooks.example.com`. */
  domainName: z
    .string()
    .regex(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      'must be a domain name in lower case, such as hooks.example.com',
    ),
  /** An ACM certificate for it, in the same region. */
  certificateArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of an ACM certificate'),
})

const settings = z.strictObject({
  /**
   * Name of the deployment, part of every physical name. Stages that stand side by side need tokens of their own.
   * @default 'prod'
   */
  stage: nameSchema.default('prod'),
  /**
   * The ClickUp workspaces that are listened to.
   * @default [{ name: 'main' }]
   */
  connections: connectionsConfig.prefault([{ name: 'main' }]),
  /** Which alarms there are, and whom they tell. */
  alarms: alarmsConfig.prefault({}),
  /**
   * A domain name of your own for the webhook's URL.
   * @default - the API's own address
   */
  customDomain: customDomain.optional(),
  /**
   * A KMS key of your own for what is at rest (see `encryption-config.ts`).
   * @default - AWS's own keys
   */
  encryptionKeyArn,
  /**
   * Name of the event bus that changes are published on. It is created, so it must be free.
   * @default 'hookline-{stage}'
   */
  eventBusName: z
    .string()
    .regex(
      /^(?!default$|aws\.)[A-Za-z0-9._-]{1,256}$/,
      "must be 1 to 256 letters, digits, dots, dashes or underscores, and neither 'default' nor begin with 'aws.'",
    )
    .optional(),
  /**
   * Days that a change stays in the ledger, as history and as what makes a repeated delivery a duplicate.
   * @default 400
   */
  ledgerDays: whole(MIN_LEDGER_DAYS, 3650, 'days').default(400),
  /**
   * Days that logs are kept; one of the lifetimes that CloudWatch Logs knows.
   * @default 30
   */
  logDays: z.literal(LOG_DAYS, { error: `must be one of ${LOG_DAYS.join(', ')}` }).default(30),
  /** The function that answers ClickUp. */
  verifier: verifier.prefault({}),
  /** The function that turns deliveries into changes. */
  consumer: consumer.prefault({}),
  /** The function that reads the history, sweeps and counts. */
  sync: sync.prefault({}),
  /**
   * Raw deliveries, kept in S3 (see docs/operations.md).
   * @default - none are kept
   */
  archive: archiveConfig,
  /** How often secrets are rotated. */
  rotation: rotation.prefault({}),
  /** What is looked at every five minutes. */
  pulse: pulseConfig.prefault({}),
  /**
   * Whether `GET /health` answers (see docs/operations.md).
   * @default true
   */
  health: healthConfig,
  /** What the API lets through. */
  throttling: throttling.prefault({}),
  /** How a deploy takes over. */
  deploy: deployConfig.prefault({}),
  /** Tables that were restored to a point in time, in the place of those that the stack made. */
  restoredTables: restoredTablesConfig.prefault({}),
  /**
   * Deploys the example subscribers, too.
   * @default false
   */
  examples: z.boolean().default(false),
  /** What reports take for granted: working time, what statuses mean, who is who. Each has its default. */
  reports: reportSettingsSchema.prefault({}),
  /**
   * Summaries of what happened, and fields that are filled (see docs/standup.md).
   * @default - none, and nothing of it is deployed
   */
  standup: standupConfig,
  /**
   * Tags on every resource that takes tags.
   * @default {}
   */
  tags: z
    .record(
      z.string().regex(/^(?!aws:)[\w\s.:/=+@-]{1,128}$/i),
      z
        .string()
        .regex(/^[\w\s.:/=+@-]{0,256}$/, 'must be at most 256 letters, digits, spaces or any of . : / = + @ - _'),
    )
    .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `must be at most ${MAX_TAGS}, because AWS takes no more`)
    .default({}),
})

/** `hookline.config.ts`: everything that one deployment may choose. */
export const configSchema = settings.superRefine(checkStandup)

/** What the user writes: everything may be left out. */
export type ConfigInput = z.input<typeof configSchema>
/** What the stacks read: every default filled in. */
export type Config = z.infer<typeof configSchema>

/** Types a config file for the editor; checking is done when it is loaded. */
export const defineConfig = (config: ConfigInput): ConfigInput => config
