import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import { parseJson } from '../platform/json.ts'
import type { StatusPage } from '../status/clickup-page.ts'
import { exchange, type Fetch } from '../upstream/exchange.ts'

/** ClickUp's page is one of Status.io, whose API answers without a token (https://kb.status.io/developers/public-status-api/). */
export const CLICKUP_STATUS_URL = 'https://api.status.io/1.0/status/5b6e0963c662144d00913a09'

const TIMEOUT_MS = 5_000
const MOST_INCIDENTS = 5
const MOST_LETTERS = 120

/** `security`: a security event; `unknown`: the page has a code that nobody knows. */
const STATES = {
  100: 'operational',
  200: 'maintenance',
  300: 'degraded',
  400: 'disrupted',
  500: 'disrupted',
  600: 'security',
} as const satisfies Record<number, string>
const codeSchema = z.coerce.number().int()
const bodySchema = z.looseObject({
  result: z.looseObject({
    status_overall: z.looseObject({ status: z.string().catch(''), status_code: codeSchema }),
    incidents: z.array(z.unknown()).catch([]),
  }),
})
const incidentSchema = z.looseObject({ name: z.string() })

export type ReadPage = { kind: 'read'; page: StatusPage } | { kind: 'unreadable'; reason: string }

/** Reads the page, within five seconds. Never throws: that it cannot be read says nothing of ClickUp. */
export async function readStatusPage(
  url: string,
  services: { fetch: Fetch; clock: Clock; timeout: (ms: number) => AbortSignal },
): Promise<ReadPage> {
  const headers = { accept: 'application/json' }
  const sent = await exchange({ method: 'GET', url, headers, timeoutMs: TIMEOUT_MS }, services)
  if (sent.kind === 'failed') return { kind: 'unreadable', reason: sent.reason }
  if (sent.status !== 200) return { kind: 'unreadable', reason: `status ${sent.status}` }
  const parsed = bodySchema.safeParse(parseJson(sent.text))
  if (!parsed.success) return { kind: 'unreadable', reason: 'it is not in the form of Status.io' }
  const { status_overall, incidents } = parsed.data.result
  const names = incidents.map((incident) => incidentSchema.safeParse(incident).data?.name ?? 'without a name')
  return {
    kind: 'read',
    page: {
      at: services.clock.now(),
      state: stateOf(status_overall.status_code),
      says: status_overall.status.slice(0, MOST_LETTERS),
      incidents: names.slice(0, MOST_INCIDENTS).map((name) => name.slice(0, MOST_LETTERS)),
    },
  }
}

const stateOf = (code: number): StatusPage['state'] =>
  Object.entries(STATES).find(([each]) => Number(each) === code)?.[1] ?? 'unknown'
