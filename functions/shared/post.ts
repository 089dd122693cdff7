import type { Post } from '../../core/rotation/test-delivery.ts'
import type { WorkerPlatform } from './platform.ts'

/** As patient as ClickUp is. */
const TIMEOUT_MS = 7_000

/** Posts to our own address, as ClickUp does. */
export const createPost =
  ({ fetch, timeout }: Pick<WorkerPlatform, 'fetch' | 'timeout'>): Post =>
  async (url, headers, body) => {
    try {
      const signal = timeout(TIMEOUT_MS)
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.arrayBuffer()
      return response.status
    } catch {
      return null
    }
  }
