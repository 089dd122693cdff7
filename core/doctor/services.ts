import type { Account } from '../clickup/account.ts'
import type { ClickApps } from '../clickup/click-apps.ts'
import type { ClickUp } from '../clickup/client.ts'
import type { ConnectionRecord } from '../clickup/connection-record.ts'
import type { Webhook } from '../clickup/webhooks.ts'
import type { Clock } from '../platform/clock.ts'
import type { Slot } from '../platform/connections.ts'
import type { Post } from '../rotation/test-delivery.ts'
import type { SigningSecret } from '../secrets/signing.ts'
import type { Occasion } from '../standup/deliver/occasion.ts'
import type { OccasionRecord } from '../standup/deliver/record.ts'
import type { Spent } from '../standup/model/spend.ts'
import type { Prompt } from '../standup/say/prompts.ts'
import type { StandupSettings } from '../standup/settings.ts'
import type { ConnectionStatus } from '../status/connection.ts'
import type { Status } from '../status/status.ts'
import type { Answer } from '../upstream/fault.ts'

/** An alarm as CloudWatch has it. */
export type ArmedAlarm = {
  name: string
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
  enabled: boolean
  /** ARNs of what is told when it goes off. */
  actions: readonly string[]
}

/** Who hears of a topic. */
type Subscriptions = { confirmed: number; pending: number }

/** What is asked of AWS; each rejects where the operator has no right to ask. */
export type AwsLooks = {
  /** Whether Lambda ends a function's messages to itself after some hops. */
  recursion(functionName: string): Promise<'allow' | 'terminate'>
  alarms(): Promise<readonly ArmedAlarm[]>
  subscriptions(topicArn: string): Promise<Subscriptions>
}

/** What the doctor looks at. It changes nothing, but for the mark of a test delivery, which it removes. */
export type DoctorServices = {
  /** Name of the deployment. */
  stage: string
  /** Of the program that looks, and of what is deployed; null where that does not say. */
  version: { own: string; deployed: string | null }
  status: Status
  aws: AwsLooks
  /** Names of the alarms that there should be; none where they are switched off. */
  expectedAlarms: readonly string[]
  /** From which age on, ms, a secret is told to be too old: the config's own rules. */
  tooOld: { tokenMs: number; signingMs: number }
  of(connection: string): ConnectionLooks
  /** Null where neither summaries nor recipes are configured. */
  summaries: SummaryLooks | null
  clock: Clock
  sleep(ms: number): Promise<void>
  /** A new UUID. */
  nonce(): string
}

/** What is looked at of summaries and recipes. */
export type SummaryLooks = {
  settings: StandupSettings
  isDeployed: boolean
  /** Rejects with a sentence that names the file where a prompt cannot be used. */
  prompt(name: string): Promise<Prompt>
  /** The versions of the prompt of summaries that there are. */
  versions(): Promise<readonly string[]>
  /** Of the model; null where none was brought. */
  key(): Promise<string | null>
  spent(): Promise<Spent>
  /** What is kept of an occasion; null where it was never begun. */
  record(occasion: Occasion): Promise<OccasionRecord | null>
}

/** What is asked for one connection. */
export type ConnectionLooks = {
  /** In the lane of control, within the functions' budget. */
  clickup: ClickUp
  signing(): Promise<SigningSecret>
  /** Names of other stages' and connections' secrets that hold the very same token, and how many could be compared. */
  sharedWith(): Promise<{ names: readonly string[]; compared: number }>
  /** Spaces that the config's filter keeps: ids, none where it keeps all. */
  keptSpaces: readonly string[]
  /** The public address of a slot. */
  url(slot: Slot): string
  post: Post
  /** The mark that a test delivery leaves in the ledger. */
  mark: { isThere(nonce: string): Promise<boolean>; remove(nonce: string): Promise<void> }
}

/** A connection that was made, with what was asked of ClickUp once for all checks. */
export type Patient = {
  name: string
  record: ConnectionRecord
  status: ConnectionStatus
  looks: ConnectionLooks
  asked: Asked
}

export type Asked = {
  account: Answer<Account>
  webhooks: Answer<readonly Webhook[]>
  clickApps: Answer<ClickApps>
  /** How long each question took, ms. */
  took: readonly number[]
}
