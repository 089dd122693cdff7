import { randomUUID } from 'node:crypto'
import { SIGNATURE_HEADER, sign } from '../../core/ingest/signature.ts'
import { testDelivery } from '../../core/ingest/test-delivery.ts'
import type { SeenWebhook } from './webhooks-seen.ts'

/** At once, so that every process of the verifier has to answer some. */
const REQUESTS = 8

/** What the public route has answered to requests that were signed by the secret of a webhook. */
export type Probe = { webhook: SeenWebhook; isOver: boolean; statuses: readonly number[] }

/** Asks the public route what it thinks of a webhook's secret at that webhook's own address. */
export async function probe(webhook: SeenWebhook): Promise<Probe> {
  const { id, url, secret, goneAt } = webhook
  const ask = async () => {
    const body = testDelivery(id, randomUUID())
    const signature = sign(Buffer.from(body), secret)
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature }
    const response = await fetch(url, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }
  const statuses = await Promise.all(Array.from({ length: REQUESTS }, ask))
  return { webhook, isOver: goneAt !== null, statuses }
}

/** A secret whose time is over is refused with 403 by everybody, and one in force is accepted: else nothing was asked. */
export function judgeProbes(probes: readonly Probe[]): string[] {
  const faults = probes.flatMap(({ webhook: { id, slot }, isOver, statuses }) => {
    const expected = isOver ? 403 : 200
    const others = statuses.filter((status) => status !== expected)
    if (others.length === 0) return []
    const what = isOver ? 'a secret whose time is over' : 'the secret in force'
    return [`${what} was answered ${[...new Set(others)].join(', ')} at slot ${slot} (webhook ${id})`]
  })
  if (!probes.some(({ isOver }) => isOver)) faults.push('no secret whose time is over was tried')
  if (!probes.some(({ isOver }) => !isOver)) faults.push('the secret in force was not tried')
  return faults
}
