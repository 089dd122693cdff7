import { lossesOf } from '../../core/status/losses.ts'
import type { Gap } from '../../core/sync/gaps.ts'

/** A gap as `--json` tells it; times are ms since 1970. */
export const gapJson = ({ lastRun: _lastRun, ...gap }: Gap) => ({
  ...gap,
  /** What no sweep brings back. */
  cannotBeRecovered: lossesOf(gap),
})
