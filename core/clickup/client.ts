import type * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import type { Passage } from '../upstream/passage.ts'
import { createPolite, type PoliteServices } from '../upstream/polite.ts'
import { CLICKUP } from './provider.ts'

export const CLICKUP_API_URL = 'https://api.clickup.com/api'

export type ClientServices = PoliteServices & { baseUrl: string }

/** Asks ClickUp in the lane of its services: every answer is parsed by a schema, every failure is a `Fault`. */
export type ClickUp = {
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Answer<z.infer<Schema>>>
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<Answer<z.infer<Schema>>>
  /** Whether and how much may be asked now; takes nothing. */
  look(): Promise<Passage>
  /** Sees to it that up to so many calls are at hand, as far as possible; tells how many are. */
  reserve(calls: number): Promise<Passage>
}

export function createClickUp(services: ClientServices): ClickUp {
  const polite = createPolite(CLICKUP, services)
  const url = (path: string) => `${services.baseUrl}/v2${path}`
  return {
    get: (path, schema) => polite.get(url(path), schema),
    send: (method, path, body, schema) => polite.send(method, url(path), body, schema),
    look: polite.look,
    reserve: polite.reserve,
  }
}

/** An id as a path segment: ids come from deliveries, and a slash in one must not become another endpoint. */
export const segment = (id: string) => encodeURIComponent(id)
