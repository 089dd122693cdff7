import type { ClickUp } from '../../core/clickup/client.ts'
import type { Recorded } from '../../core/ledger/history.ts'
import type { CountName } from '../../core/platform/metrics.ts'
import type { SigningSecret } from '../../core/secrets/signing.ts'
import type { Job } from '../../core/sync/job.ts'
import type { Known } from '../../core/tasks/known.ts'
import type { Snapshot } from '../../core/tasks/snapshot.ts'
import type { Random } from '../clickup/random.ts'
import type { AwsClients } from './aws/aws.ts'
import type { TableName } from './aws/tables.ts'
import type { VirtualClickUp } from './clickup.ts'
import type { VirtualTime } from './time.ts'

/** What whoever plays with the system in virtual time has in hand. Figures are read when they are needed: they grow while it runs. */
export type Run = {
  readonly time: VirtualTime
  /** Virtual time at which the run began. */
  readonly startedAt: number
  /** The fake: its world, its switches (`faults`), its tokens, and every call as it saw it (`calls`). */
  readonly clickup: VirtualClickUp
  /** The player's own stream of decisions. */
  readonly random: Random
  /** What has reached the bus, in its order. */
  readonly published: readonly Published[]
  /** What Hookline has told of itself on the bus. */
  readonly notices: readonly Told[]
  /** Backfill, sweep and census. Nothing of them happens unless it is asked for. */
  readonly sync: JobsRun
  /** The deliveries queue and its quarantine. */
  readonly queue: QueueFigures
  readonly invocations: InvocationFigures
  /** Writes to the connection's budget item, those included whose condition did not hold. */
  budgetWrites(): number
  /** How much has been counted under a metric. */
  metric(name: CountName): number
  /** The task's snapshot as it is stored; null if there is none. */
  snapshot(taskId: string): Snapshot | null
  /** What is accounted of the task; null for nothing. */
  known(taskId: string): Known | null
  /** An item of the state table, by what follows the connection's name. */
  state(thing: string): Record<string, unknown> | null
  /** All changes that are in the ledger for good. */
  ledger(): Recorded[]
  /** Puts another token in force without a rotation, as whoever writes into the secret does. */
  putToken(token: string): void
  /** Pauses the stage, as an operator does; `polled`: whether the queues are polled all the same. */
  pause(how: { polled: boolean }): Promise<void>
  resume(): Promise<void>
  /**
   * ClickUp as one more worker has it: a container of its own with a client bound to the lane `live`, on the same state table.
   * The naive variant gives one that calls without asking anybody and tries again after a 429.
   */
  client(): ClickUp
}

/** All of the system: what a storm has in hand, and those who look after webhooks and secrets. */
export type Machine = Run & {
  /** The watch over the webhooks. It looks when it is asked to, and when a sweep has found a webhook silent. */
  readonly guard: JobsRun
  readonly rotations: Readonly<Record<'signing' | 'token', RotationRun>>
  /** An operator's clients, in virtual time. */
  readonly operator: AwsClients
  /** All items of a table. */
  items(table: TableName): Record<string, unknown>[]
  /** Has the stage's pulse taken. */
  pulse(): void
  /** Ends whatever works deliveries off, in the middle of what it does; answers how many invocations that were. */
  kill(): number
  /** Puts a token beside the one in use for the next rotation to take up, as `hookline rotate token` does. */
  bringToken(token: string, how?: { takeover?: boolean }): void
  /** The token in force. */
  token(): string | null
  /** The webhooks' secrets in force, by slot. */
  signing(): SigningSecret
}

export type Published = {
  /** Virtual time at which the bus had it. */
  readonly at: number
  readonly detailType: string
  readonly changeId: string
  /** Null for what is not of a task. */
  readonly taskId: string | null
  readonly receivedAt: number
  /** Published without its expansion. */
  readonly degraded: boolean
}

/** What Hookline tells of itself: a notice, and the watermark if it has one. */
export type Told = { readonly at: number; readonly detailType: string; readonly watermark: number | null }

/** A function that works off a queue of jobs. */
export type JobsRun = {
  /** Puts a job on its queue, as a schedule or an operator does. */
  send(job: Omit<Job, 'connection'>): void
  /** Jobs that the queue holds: visible, delayed or in flight. */
  open(): number
  /** Jobs that failed again and again. */
  readonly failed: number
  readonly invocations: InvocationFigures
  /** Ends whatever runs, in the middle of what it does; answers how many invocations that were. */
  kill(): number
}

/** Rotations of the secrets of a kind. */
export type RotationRun = {
  /**
   * Asks Secrets Manager for one, which takes its four steps and tries again what has failed. Answers with the version that it makes.
   * @throws InvalidRequestException while another one is not complete
   */
  begin(): string
  /** Steps that are being taken. */
  running(): number
  /** The staging labels of the secret, by version id. */
  labels(): ReadonlyMap<string, readonly string[]>
  /** Ends whatever takes a step; answers how many that were. */
  kill(): number
}

type QueueFigures = {
  /** Messages that were put on it by the verifier. */
  readonly accepted: number
  /** Messages that it holds at the moment: visible, delayed or in flight. */
  open(): number
  /** Puts a message on it that is none of ours, as anybody may who has the right to. */
  put(body: string): void
  readonly quarantined: number
  /** Requests as SQS bills them, of the verifier, the event source and the consumer together. */
  readonly requests: { readonly total: number; readonly [kind: string]: number }
}

export type InvocationFigures = {
  readonly begun: number
  readonly running: number
  /** That ran into their time-out. */
  readonly timedOut: number
  /** That threw. */
  readonly failed: number
  /** How long all of them took together, cold starts among it. */
  readonly busyMs: number
}
