import type { Subject } from '../subject.ts'
import { backfill } from './backfill.ts'
import { census } from './census.ts'
import { consumerFound } from './consumer-found.ts'
import { consumerLive } from './consumer-live.ts'
import { consumerStorm } from './consumer-storm.ts'
import { consumerWaits } from './consumer-waits.ts'
import { guardFirst, guardMends, guardReplaces } from './guard.ts'
import { rotateSigningBeside, rotateSigningInstead } from './rotate-signing.ts'
import { rotateTokenKept, rotateTokenNew, rotateTokenTakeover } from './rotate-token.ts'
import { sweep } from './sweep.ts'

/** Everything that is disturbed, in the order in which it is played. */
export const SUBJECTS: readonly Subject[] = [
  consumerLive,
  consumerStorm,
  consumerWaits,
  consumerFound,
  sweep,
  backfill,
  census,
  guardFirst,
  guardMends,
  guardReplaces,
  rotateSigningBeside,
  rotateSigningInstead,
  rotateTokenNew,
  rotateTokenKept,
  rotateTokenTakeover,
]
