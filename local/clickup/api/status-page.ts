import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from '../faults.ts'
import { sendJson } from './http.ts'

/** Where the page is, beside the API and free of its limits. */
export const STATUS_PAGE_PATH = '/status-page'

const OVERALL = {
  operational: { status: 'Operational', status_code: 100 },
  maintenance: { status: 'Planned Maintenance', status_code: 200 },
  degraded: { status: 'Degraded Performance', status_code: 300 },
  disrupted: { status: 'Service Disruption', status_code: 500 },
} as const

/** ClickUp's own status page, as Status.io's API answers: `{result: {status_overall, status, incidents, maintenance}}`. */
export function answerStatusPage(
  request: IncomingMessage,
  response: ServerResponse,
  { faults, now }: { faults: Faults; now: number },
): void {
  request.resume()
  const said = faults.statusPage
  if (said === 'unreachable') return void response.destroy()
  if (said === 'garbled') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Just a moment ...</body></html>')
    return
  }
  const overall = { updated: new Date(now).toISOString(), ...OVERALL[said] }
  const isTrouble = said === 'degraded' || said === 'disrupted'
  const components = ['Web App', 'API', 'Webhooks'].map((name, i) => ({ id: `component-${i}`, name, ...overall }))
  const incidents = isTrouble
    ? [{ _id: 'incident-1', name: 'Webhooks are delayed', datetime_open: overall.updated }]
    : []
  sendJson(response, 200, {
    result: { status_overall: overall, status: components, incidents, maintenance: { active: [], upcoming: [] } },
  })
}
