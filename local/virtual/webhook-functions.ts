import { takePulse } from '../../core/pulse/pulse.ts'
import { run as runGuard } from '../../functions/guard/run.ts'
import { buildGuard } from '../../functions/guard/services.ts'
import { buildPulse } from '../../functions/pulse/services.ts'
import { buildRotateSigning } from '../../functions/rotate-signing/services.ts'
import { buildRotateToken } from '../../functions/rotate-token/services.ts'
import { takeRotationStep } from '../../functions/shared/rotation-step.ts'
import type { Container } from './containers.ts'
import { pulseEnvironmentOf, webhooksEnvironmentOf } from './environment.ts'
import { containerPlatform, type World } from './functions.ts'

/** A container with the guard in it, as it is deployed. */
export function guardContainer(world: World, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const guard = buildGuard(webhooksEnvironmentOf(world.clickup.url), platform)
  return { invoke: (event, remainingMs) => runGuard(event, guard, remainingMs), kill: die }
}

const ROTATORS = { signing: buildRotateSigning, token: buildRotateToken } as const
export type Rotated = keyof typeof ROTATORS

/** A container with the function in it that rotates secrets of a kind, as it is deployed. */
export function rotationContainer(world: World, rotated: Rotated, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const rotator = ROTATORS[rotated](webhooksEnvironmentOf(world.clickup.url), platform)
  return { invoke: (event, remainingMs) => takeRotationStep(event, rotator, remainingMs), kill: die }
}

/** A container with the pulse in it, as it is deployed. */
export function pulseContainer(world: World, label: string): Container {
  const { platform, die } = containerPlatform(world, label)
  const pulse = buildPulse(pulseEnvironmentOf(world.clickup.url), platform)
  return { invoke: () => takePulse(pulse), kill: die }
}
