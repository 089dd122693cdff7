import type { LogEntry } from '../clickup/log-entry.ts'
import { type Percentiles, percentiles } from '../start/figures.ts'
import type { SeenWebhook } from './webhooks-seen.ts'

export type Answers = {
  /** One line for each kind of answer other than 200 to each webhook, and one for each webhook that verified nothing. */
  faults: string[]
  /** Requests that ClickUp has sent, further tries included. */
  requests: number
  /** How many of them were not answered 200. */
  refused: number
  /** Different secrets by which requests were verified. */
  secrets: number
  ackMs: Percentiles
}

/** Every request to every webhook of ours was answered 200, and every webhook's secret has verified some. */
export function judgeAnswers(entries: readonly LogEntry[], webhooks: readonly SeenWebhook[]): Answers {
  const webhookOf = new Map(
    entries.flatMap((entry) => (entry.kind === 'delivery' ? [[entry.deliveryId, entry.webhookId] as const] : [])),
  )
  const attempts = entries.filter((entry) => entry.kind === 'attempt')
  const byWebhook = Map.groupBy(attempts, ({ deliveryId }) => webhookOf.get(deliveryId) ?? 'unknown')
  const known = new Map(webhooks.map((webhook) => [webhook.id, webhook]))
  const secrets = new Set<string>()
  const faults: string[] = []
  let refused = 0
  for (const [id, its] of byWebhook) {
    const webhook = known.get(id)
    const where = `the webhook of slot ${webhook?.slot ?? 'unknown'} (${id})`
    if (webhook === undefined) faults.push(`nobody has seen ${where}`)
    const others = Map.groupBy(
      its.filter(({ status }) => status !== 200),
      ({ status, problem }) => (status === null ? `no answer (${problem ?? 'unknown'})` : String(status)),
    )
    for (const [answer, wrong] of others) {
      refused += wrong.length
      const times = wrong.map(({ at }) => at)
      faults.push(`${answer} to ${wrong.length} requests to ${where} in ${Math.min(...times)}–${Math.max(...times)}`)
    }
    if (webhook !== undefined && its.some(({ status }) => status === 200)) secrets.add(webhook.secret)
  }
  for (const { id, slot, secret } of webhooks)
    if (!secrets.has(secret)) faults.push(`no request verified by the secret of the webhook of slot ${slot} (${id})`)
  const latencies = attempts.filter(({ status }) => status !== null).map(({ latencyMs }) => latencyMs)
  return { faults, requests: attempts.length, refused, secrets: secrets.size, ackMs: percentiles(latencies) }
}
