import { Agent, request } from 'node:http'
import { sign } from '../../core/ingest/signature.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { median } from '../interleaved.ts'
import { statusDelivery } from './deliveries.ts'
import { CONNECTION } from './verifier.ts'

export const AT_ONCE = 4

export type Answered = { name: string; ms: number; wrong: number }

/**
 * How long each server takes to answer, in milliseconds: the median of all deliveries, in turn in slices, after one slice that nobody
 * counts; so many at a time over connections that stay open.
 */
export async function throughHttp(
  servers: readonly { name: string; url: string }[],
  { seed, secret, rounds, perRound }: { seed: number; secret: string; rounds: number; perRound: number },
): Promise<Answered[]> {
  const random = createRandom(seed)
  const bodies = Array.from({ length: 50 }, () => statusDelivery(random))
  const signed = bodies.map((body) => ({ body, signature: sign(Buffer.from(body), secret) }))
  const running = servers.map(({ name, url }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    return { name, agent, target: `${url}/webhooks/clickup/${CONNECTION}/a`, times: [] as number[], wrong: 0 }
  })
  for (let round = 0; round <= rounds; round += 1) {
    for (const server of running) {
      let next = 0
      const one = async () => {
        while (next < perRound) {
          const { body, signature } = signed[next++ % signed.length] ?? { body: '', signature: '' }
          const begun = performance.now()
          const status = await post(server.target, server.agent, body, signature)
          if (round > 0) server.times.push(performance.now() - begun)
          if (status !== 200) server.wrong += 1
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, one))
    }
  }
  for (const { agent } of running) agent.destroy()
  return running.map(({ name, times, wrong }) => ({ name, ms: median(times), wrong }))
}

function post(url: string, agent: Agent, body: string, signature: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-signature': signature,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
