import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exchange, type Fetch } from '../../core/upstream/exchange.ts'

const NOW = 1_789_000_000_500

/** A provider on loopback. */
async function provider(listener: RequestListener): Promise<string> {
  const server = createServer({ keepAlive: false }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

const clock = { now: () => NOW }
const ask = (url: string, timeoutMs = 5_000) =>
  exchange({ method: 'GET', url, headers: { authorization: 'secret' }, timeoutMs }, { fetch, clock })

describe('an exchange', () => {
  it('does not follow a redirect: the token must not go to another address', async () => {
    const seen: (string | undefined)[] = []
    const elsewhere = await provider((request, response) => {
      seen.push(request.headers.authorization)
      response.end('{}')
    })
    const url = await provider((_, response) => response.writeHead(302, { location: elsewhere }).end())
    expect(await ask(url)).toMatchObject({ kind: 'failed' })
    expect(seen).toEqual([])
  })

  it.each([
    ['an answer that never begins', () => undefined],
    ['an answer that never ends', (response: { write(text: string): unknown }) => void response.write('{')],
  ])('ends in time with %s', async (_, begin) => {
    const url = await provider((_, response) => begin(response))
    expect(await ask(url, 50)).toEqual({ kind: 'failed', reason: 'timeout', timedOut: true })
  })

  it('names a failure without the address, which can hold what is secret', async () => {
    const failed = await ask('http://127.0.0.1:1/token')
    expect(failed).toEqual({ kind: 'failed', reason: expect.stringMatching(/^[A-Z][A-Za-z_]+$/), timedOut: false })
  })

  it('ends when the given time-out says so, whatever error that makes', async () => {
    const timeout = (ms: number) => AbortSignal.abort(new Error(`after ${ms}`))
    const request = { method: 'GET', url: 'http://clickup.test', headers: {}, timeoutMs: 7 } as const
    const aborted: Fetch = (_url, init) => Promise.reject(init.signal?.reason)
    expect(await exchange(request, { fetch: aborted, clock, timeout })).toEqual({
      ...{ kind: 'failed', reason: 'timeout', timedOut: true },
    })
  })

  /** An answer that takes 300 ms, from a provider with this clock. */
  const slowAnswer = async (date: string | null) => {
    let time = NOW
    const slow: Fetch = async () => {
      time += 300
      return new Response('{}', { headers: date === null ? {} : { date } })
    }
    const request = { method: 'GET', url: 'http://clickup.test', headers: {}, timeoutMs: 1_000 } as const
    const answer = await exchange(request, { fetch: slow, clock: { now: () => time } })
    if (answer.kind !== 'answered') throw new Error('there was no answer')
    return answer
  }

  it.each([
    ['the beginning of the read', null, 0],
    ['the same by a clock of whole seconds that fits ours', new Date(NOW - 500).toUTCString(), 0],
    ['earlier when theirs is behind', new Date(NOW - 60_500).toUTCString(), -60_500],
    ['later when theirs is ahead', new Date(NOW + 59_500).toUTCString(), 59_200],
  ])('is observed at %s', async (_, date, offset) => {
    const answer = await slowAnswer(date)
    expect(answer.observedAt - NOW).toBe(offset)
  })

  it.each([
    ['the header leaves open', new Date(NOW + 59_500).toUTCString(), { atLeast: 59_200, atMost: 60_500 }],
    ['is usual, without one', null, { atLeast: 0, atMost: 0 }],
  ])('tells of the difference between the clocks all that %s', async (_, date, ahead) => {
    expect(await slowAnswer(date)).toMatchObject({ startedAt: NOW, answeredAt: NOW + 300, ahead })
  })
})
