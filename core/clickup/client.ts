import type * as z from 'zod'
import type { Call } from '../upstream/call.ts'
import type { Answer } from '../upstream/fault.ts'
import type { Passage } from '../upstream/passage.ts'
import { createPolite, type PoliteServices } from '../upstream/polite.ts'
import { templateOf } from './path-template.ts'
import { CLICKUP } from './provider.ts'

export const CLICKUP_API_URL = 'https://api.clickup.com/api'

/** A call to ClickUp as it ended; `path`: the endpoint that was asked, as a template without ids. */
export type ClickUpCall = Omit<Call, 'url'> & { path: ReturnType<typeof templateOf> }

export type ClientServices = Omit<PoliteServices, 'onCall'> & {
  baseUrl: string
  /** Told of every request that was sent. */
  onCall?: ((call: ClickUpCall) => void) | undefined
}

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
  /** Sees to it that up to so many calls are at hand, as far as possible, and `ahead` more where that is in nobody's way; tells how many are. */
  reserve(calls: number, ahead?: number): Promise<Passage>
}

export function createClickUp(services: ClientServices): ClickUp {
  const { baseUrl, onCall } = services
  const polite = createPolite(CLICKUP, {
    ...services,
    onCall: ({ url, ...call }) => onCall?.({ ...call, path: templateOf(url.slice(baseUrl.length)) }),
  })
  const url = (path: string) => `${baseUrl}/v2${path}`
  return {
    get: (path, schema) => polite.get(url(path), schema),
    send: (method, path, body, schema) => polite.send(method, url(path), body, schema),
    look: polite.look,
    reserve: polite.reserve,
  }
}

/** An id as a path segment: ids come from deliveries, and a slash in one must not become another endpoint. */
export const segment = (id: string) => encodeURIComponent(id)
