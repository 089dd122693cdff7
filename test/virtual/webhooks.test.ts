import { expect, test } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createMachine, type MachineOptions } from '../../local/virtual/machine.ts'
import type { Machine } from '../../local/virtual/run.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function machineOf(options: Partial<MachineOptions> = {}): Machine {
  const clickup = { tasks: 2, mostInAList: 1, faults: { allowSecondWebhook: 'otherEndpoint' as const } }
  return createMachine({ seed: 1, random: createRandom(1).fork('webhooks'), clickup, ...options })
}

/** With something at its end: time does not pass where nothing is left to happen. */
async function pass({ time }: Machine, ms: number): Promise<void> {
  const until = time.now() + ms
  time.schedule(until, () => undefined)
  await time.run({ until })
}
const webhooksOf = ({ clickup }: Machine) => [...clickup.webhooks.all()]
const guard = (machine: Machine) => machine.guard.send({ job: 'guard', reason: 'schedule' })

function rename(machine: Machine, name: string): void {
  const { clickup } = machine
  const [taskId = ''] = clickup.taskIds
  clickup.world.rename({ userId: Number(clickup.userId), via: 'app' }, taskId, name)
}

test('the guard makes the first webhook, whose deliveries come in', async () => {
  const machine = machineOf({ hasWebhook: false })
  guard(machine)
  await pass(machine, 20 * MINUTE)
  expect(webhooksOf(machine)).toHaveLength(1)
  expect(machine.signing().slots.a).toMatchObject({ state: 'active', webhookId: webhooksOf(machine)[0]?.id })
  rename(machine, 'one')
  await pass(machine, MINUTE)
  expect(machine.metric('DeliveriesAccepted')).toBeGreaterThan(0)
})

test('the signing secret is rotated: another webhook delivers, and the old one goes an hour later', async () => {
  const machine = machineOf({ verifiers: 3 })
  const [before] = webhooksOf(machine)
  guard(machine)
  await pass(machine, MINUTE)
  const run = machine.rotations.signing.begin()
  await pass(machine, 15 * MINUTE)
  expect(machine.rotations.signing.labels().get(run)).toContain('AWSCURRENT')
  expect(webhooksOf(machine)).toHaveLength(2)
  rename(machine, 'one')
  await pass(machine, 2 * HOUR)
  guard(machine)
  await pass(machine, MINUTE)
  guard(machine)
  await pass(machine, MINUTE)
  const [after, ...others] = webhooksOf(machine)
  expect(others).toEqual([])
  expect(after?.id).not.toBe(before?.id)
  expect(machine.signing().slots).toEqual({ b: { webhookId: after?.id, secret: after?.secret, state: 'active' } })
  expect(machine.metric('DeliveriesRefused')).toBe(0)
})

test('another token is tested by its rotation before it is used', async () => {
  const machine = machineOf()
  const token = machine.clickup.issueToken(Number(machine.clickup.userId))
  machine.bringToken(token)
  expect(machine.token()).not.toBe(token)
  machine.rotations.token.begin()
  await pass(machine, MINUTE)
  expect(machine.token()).toBe(token)
  expect(machine.rotations.token.running()).toBe(0)
})

test('the schedules begin what the template begins', async () => {
  const machine = machineOf({ schedules: true })
  await pass(machine, HOUR + MINUTE)
  expect(machine.guard.invocations.begun).toBeGreaterThanOrEqual(12)
  expect(machine.sync.invocations.begun).toBeGreaterThanOrEqual(5)
  expect(machine.notices.filter(({ detailType }) => detailType === 'Hookline Synced').length).toBeGreaterThanOrEqual(4)
  expect(machine.sync.failed + machine.guard.failed).toBe(0)
})
