/** Every check of the production checklist, in the order in which they are told. */
export const CHECKS = {
  paused: 'running',
  version: 'version',
  recursion: 'recursive loop',
  token: 'token',
  account: 'service account',
  sharing: 'token of its own',
  workspace: 'workspace',
  spaces: 'spaces',
  clickApps: 'ClickApps',
  webhooks: 'webhooks',
  publicUrl: 'public URL',
  testDelivery: 'test delivery',
  latency: 'latency of the API',
  budget: 'budget',
  clickUpStatus: 'ClickUp’s status',
  pulse: 'pulse',
  queues: 'queues',
  quarantine: 'quarantine',
  summaries: 'summaries',
  schedules: 'schedules',
  gaps: 'gaps',
  rotation: 'secrets',
  alarms: 'alarms',
  subscriptions: 'who is told',
} as const
export type CheckName = keyof typeof CHECKS

/** `skip`: it cannot be told from here, or does not apply; that is neither good nor bad. */
export type Level = 'pass' | 'warn' | 'fail' | 'skip'

/** What one check has found of the stage, or of one connection. */
export type Finding = {
  check: CheckName
  /** Null for what is the stage's. */
  connection: string | null
  level: Level
  /** What was seen, as a sentence. */
  text: string
  /** What to do about it, as a sentence; null where there is nothing to do. */
  advice: string | null
}

/** What a check says of itself; who runs it knows its name and its connection. */
export type Said = Pick<Finding, 'level' | 'text' | 'advice'>

export const pass = (text: string): Said => ({ level: 'pass', text, advice: null })
export const skip = (text: string): Said => ({ level: 'skip', text, advice: null })
export const warn = (text: string, advice: string): Said => ({ level: 'warn', text, advice })
export const fail = (text: string, advice: string): Said => ({ level: 'fail', text, advice })
