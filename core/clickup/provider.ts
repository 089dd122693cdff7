import type { Provider } from '../upstream/provider.ts'
import { classify, codeOf } from './faults.ts'

/** How ClickUp's API is to be called. Documented windows are a minute; the limit is that of the smaller plans. */
export const CLICKUP: Provider = {
  windows: [
    {
      name: 'minute',
      ms: 60_000,
      limit: 100,
      graceMs: 1_000,
      headers: {
        limit: 'x-ratelimit-limit',
        remaining: 'x-ratelimit-remaining',
        reset: 'x-ratelimit-reset',
        resetIs: 'epoch',
      },
    },
  ],
  // Not documented and never seen of ClickUp; an intermediary may send it.
  retryAfter: 'retry-after',
  /** Personal tokens are sent raw, OAuth access tokens as `Bearer`. */
  authorize: (token) => ({ authorization: token.startsWith('pk_') ? token : `Bearer ${token}` }),
  classify,
  codeOf,
}
