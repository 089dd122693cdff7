import { afterAll, vi } from 'vitest'

// Files that share a process: what one of them stubbed and failed to take back shall not fail the next.
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})
