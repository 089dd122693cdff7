import type { Turn } from '../turn.ts'
import { CONSUMER_TURNS } from './consumer.ts'
import { GUARD_TURNS } from './guard.ts'
import { ROTATION_TURNS } from './rotations.ts'
import { STANDUP_TURNS } from './standup.ts'
import { SYNC_TURNS } from './sync.ts'
import { VERIFIER_TURNS } from './verifier.ts'
import { WATCHING_TURNS } from './watching.ts'

/** Every way that the functions can take. */
export const TURNS: readonly Turn[] = [
  ...VERIFIER_TURNS,
  ...CONSUMER_TURNS,
  ...SYNC_TURNS,
  ...GUARD_TURNS,
  ...ROTATION_TURNS,
  ...STANDUP_TURNS,
  ...WATCHING_TURNS,
]
