import { describe, expect, it } from 'vitest'
import { statusDelivery } from '../../bench/acknowledgement/deliveries.ts'
import { worksFor } from '../../bench/acknowledgement/in-process.ts'
import { interleaved } from '../../bench/interleaved.ts'
import { preparedFor } from '../../bench/signature/bench.ts'
import { createRandom } from '../../local/clickup/random.ts'

describe('the bench of signatures', () => {
  it.each([512, 65_536])('has verifiers that know genuine from forged, with %i bytes', async (size) => {
    const { prepared, mistaken } = await preparedFor(size, null, createRandom(1))
    expect([prepared.length, mistaken]).toEqual([4, 0])
  })

  it('notices one that lets everybody in', async () => {
    expect((await preparedFor(512, 'blind', createRandom(1))).mistaken).toBe(1)
  })
})

describe('the bench of acknowledgements', () => {
  const wrong = async (signedWith: string) => {
    const works = worksFor(statusDelivery(createRandom(1)), { secret: 'ours', signedWith })
    await works.decided()
    return works.wrong()
  }

  it('measures deliveries that are accepted, and notices those that are not', async () => {
    expect([await wrong('ours'), await wrong('another')]).toEqual([0, 1])
  })
})

it('works that are measured in turn are told in the order given', async () => {
  const spin = (rounds: number) => () => {
    let sum = 0
    for (let i = 0; i < rounds; i += 1) sum += Math.sqrt(i)
    return sum
  }
  const [little = 0, much = 0] = await interleaved([spin(200), spin(20_000)], { rounds: 5, sliceMs: 0.5 })
  expect(much).toBeGreaterThan(little)
})
