import type { Command } from '../command.ts'
import { STRANGER } from '../judge-calls.ts'
import type { Scene } from '../scene.ts'

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

const MINUTE = 60_000
/** The stranger's calls come so soon one after the other. */
const EVERY_MS = 200

export function deliveries(scene: Scene, { lost, doubled, reorderingMs, late, lateMs }: Of<'deliveries'>): void {
  const { faults } = scene.machine.clickup
  Object.assign(faults, {
    ...{ lostChanges: lost, duplicates: doubled, reorderingMs },
    lateChanges: { share: late, ms: lateMs },
  })
}

export function latency(scene: Scene, { ms, lagMs }: Of<'latency'>): void {
  const { faults } = scene.machine.clickup
  faults.latencyMs = { min: Math.round(ms / 3), max: ms }
  faults.readLagMs = lagMs
}

export function outage(scene: Scene, { minutes, answer }: Of<'outage'>): void {
  const { clickup, time } = scene.machine
  const from = time.now()
  clickup.faults.outage = { from, until: from + minutes * MINUTE, answer: answer === '503' ? 503 : 'disconnect' }
}

/** Somebody else asks with our token, and waits for no answer. */
export async function stranger(scene: Scene, { calls }: Of<'stranger'>): Promise<void> {
  const { clickup } = scene.machine
  const fetch = clickup.fetchAs(STRANGER)
  const headers = { authorization: scene.machine.token() ?? '' }
  for (let made = 0; made < calls; made++) {
    fetch(`${clickup.url}/v2/team`, { headers }).catch(() => undefined)
    await scene.pass(EVERY_MS)
  }
}

export function webhook(scene: Scene, { what }: Of<'webhook'>): void {
  const { webhooks, faults } = scene.machine.clickup
  for (const each of [...webhooks.all()]) {
    if (what === 'suspend') webhooks.suspend(each)
    else if (what === 'delete') webhooks.remove(each)
    else faults.silentWebhooks.push(each.id)
  }
}

/** The token in force is refused from now on, and another one is brought later. */
export function tokenDies(scene: Scene, { minutes }: Of<'tokenDies'>): void {
  const { machine } = scene
  const { clickup, time } = machine
  clickup.revokeToken(machine.token() ?? '')
  time.schedule(time.now() + minutes * MINUTE, () => renewToken(scene))
}

/** As an operator would who reads that the token is refused. */
export function renewToken({ machine }: Scene): void {
  const { clickup } = machine
  machine.putToken(clickup.issueToken(Number(clickup.userId)))
}
