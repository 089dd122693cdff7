import { InvalidRequestException } from '@aws-sdk/client-secrets-manager'
import type { Machine } from '../../virtual/run.ts'
import type { Command } from '../command.ts'
import type { Scene } from '../scene.ts'

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

const MINUTE = 60_000

/** Refused while another one goes on, which is as good. */
function begin({ rotations }: Machine, which: 'signing' | 'token'): void {
  try {
    rotations[which].begin()
  } catch (error) {
    if (!(error instanceof InvalidRequestException)) throw error
  }
}

export function rotateSigning({ machine }: Scene, { beside }: Of<'rotateSigning'>): void {
  machine.clickup.faults.allowSecondWebhook = beside ? 'otherEndpoint' : 'never'
  begin(machine, 'signing')
}

export function rotateToken({ machine }: Scene, { how }: Of<'rotateToken'>): void {
  const { clickup } = machine
  if (how === 'another') machine.bringToken(clickup.issueToken(Number(clickup.userId)))
  if (how === 'useless') machine.bringToken('none that anybody has issued')
  begin(machine, 'token')
}

export async function pause(scene: Scene, { minutes, polled }: Of<'pause'>): Promise<void> {
  const { machine } = scene
  void machine.pause({ polled })
  await scene.pass(minutes * MINUTE)
  void machine.resume()
  await scene.pass(MINUTE)
}

/** A message that is taken up five times in vain ends in quarantine, as it should: so often nothing is ended here. */
const MOST_CRASHES = 3

export function kill(scene: Scene, { who }: Of<'kill'>): void {
  if (scene.crashes() >= MOST_CRASHES) return
  const { machine } = scene
  const ended = {
    consumer: () => machine.kill(),
    sync: () => machine.sync.kill(),
    guard: () => machine.guard.kill(),
    rotation: () => machine.rotations.signing.kill() + machine.rotations.token.kill(),
  }[who]()
  if (ended > 0) scene.crashed()
}

export function job({ machine, breaks }: Scene, { job: name }: Of<'job'>): void {
  if (name === breaks) return
  if (name === 'guard') machine.guard.send({ job: 'guard', reason: 'schedule' })
  else if (name === 'sweep') machine.sync.send({ job: 'sweep', reason: 'schedule' })
  else if (name === 'census') machine.sync.send({ job: 'census', reason: 'asked', everything: true })
  else machine.sync.send({ job: 'backfill', reason: 'asked', days: null })
}
