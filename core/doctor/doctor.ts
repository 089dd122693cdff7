import { ask } from './ask.ts'
import { alarms, subscriptions } from './checks/alarms.ts'
import { budget, latency } from './checks/api.ts'
import { paused, recursion, version } from './checks/deployment.ts'
import { clickApps, spaces, workspace } from './checks/places.ts'
import { clickUpStatus, pulse } from './checks/pulse.ts'
import { gaps, quarantine, queues } from './checks/queues.ts'
import { rotation } from './checks/rotation.ts'
import { schedules } from './checks/schedules.ts'
import { summaries } from './checks/summaries.ts'
import { account, sharing, token } from './checks/token.ts'
import { publicUrl, testDelivery } from './checks/way.ts'
import { webhooks } from './checks/webhooks.ts'
import { type CheckName, type Finding, fail, type Said, skip } from './finding.ts'
import type { DoctorServices, Patient } from './services.ts'

type OfStage = readonly [CheckName, (services: DoctorServices) => Said | Promise<Said>]
type OfConnection = readonly [CheckName, (patient: Patient, services: DoctorServices) => Said | Promise<Said>]

const OF_STAGE: readonly OfStage[] = [
  ['paused', paused],
  ['version', version],
  ['recursion', recursion],
  ['pulse', pulse],
  ['clickUpStatus', clickUpStatus],
  ['queues', queues],
  ['quarantine', quarantine],
  ['summaries', summaries],
  ['alarms', alarms],
  ['subscriptions', subscriptions],
]

/** Each after what it rests on; those that ask nothing come where a reader looks for them. */
const OF_CONNECTION: readonly OfConnection[] = [
  ['token', token],
  ['account', account],
  ['sharing', sharing],
  ['workspace', workspace],
  ['spaces', spaces],
  ['clickApps', clickApps],
  ['webhooks', webhooks],
  ['publicUrl', publicUrl],
  ['testDelivery', testDelivery],
  ['latency', latency],
  ['budget', budget],
  ['schedules', (patient, { clock }) => schedules(patient, clock.now())],
  ['gaps', (patient, { clock }) => gaps(patient, clock.now())],
  ['rotation', rotation],
]

/** What asks ClickUp, which nobody does while Hookline is paused. */
const ASKING: ReadonlySet<CheckName> = new Set([
  'token',
  'account',
  'sharing',
  'workspace',
  'spaces',
  'clickApps',
  'webhooks',
  'latency',
])

/**
 * Runs the production checklist: the stage's checks, then those of each connection, each told when it is done. A check that
 * cannot be made has failed, and the others go on.
 */
export async function* examine(services: DoctorServices): AsyncGenerator<Finding> {
  for (const [check, run] of OF_STAGE) yield { check, connection: null, ...(await said(() => run(services))) }
  for (const status of services.status.connections) {
    const { name: connection, record } = status
    if (record === null) {
      const text = status.unreadable.includes('connection')
        ? 'What is stored of the connection cannot be read.'
        : 'It is not connected.'
      yield {
        check: 'token',
        connection,
        ...fail(text, `Connect ClickUp: npx hookline connect --connection ${connection}.`),
      }
      continue
    }
    const isPaused = (services.status.pause?.since ?? null) !== null
    const looks = services.of(connection)
    const asked = isPaused
      ? notAsked('Hookline is paused')
      : await ask(looks, record.workspaceId, services.clock).catch((error: unknown) => notAsked(reasonOf(error)))
    const patient: Patient = { name: connection, record, status, looks, asked }
    for (const [check, run] of OF_CONNECTION) {
      const silent = isPaused && ASKING.has(check)
      const told = silent
        ? skip('ClickUp is not asked while Hookline is paused.')
        : await said(() => run(patient, services))
      yield { check, connection, ...told }
    }
  }
}

/** Where ClickUp could not even be asked, because the budget's item cannot be read, say. */
function notAsked(reason: string): Patient['asked'] {
  const fault = { kind: 'unavailable', reason, until: null } as const
  return { account: fault, webhooks: fault, clickApps: fault, took: [] }
}

/** Mostly a right that the operator lacks; the message names it. */
async function said(run: () => Said | Promise<Said>): Promise<Said> {
  try {
    return await run()
  } catch (error) {
    return fail(`It cannot be checked: ${reasonOf(error)}`, 'See whether your credentials may look at it.')
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return reason.split('\n')[0] ?? ''
}

/** Not everybody wants the ClickApps, and nothing but reports is the poorer without them. */
const LET_THROUGH: ReadonlySet<CheckName> = new Set(['clickApps'])

/** How it all comes out: with `gate`, a warning fails, too, but for what a stage may well go without. */
export const passes = (findings: readonly Pick<Finding, 'level' | 'check'>[], gate: boolean): boolean =>
  findings.every(({ level, check }) => level !== 'fail' && !(gate && level === 'warn' && !LET_THROUGH.has(check)))
