import { describe, expect, it } from 'vitest'
import { createRandom } from '../../local/clickup/random.ts'
import { createVirtualTime } from '../../local/virtual/time.ts'

const START = 1_767_600_000_000

describe('virtual time', () => {
  it('lets a day pass as fast as it can, each thing at its time', async () => {
    const time = createVirtualTime(START)
    const seen: number[] = []
    for (const hours of [24, 1, 12]) time.schedule(START + hours * 3_600_000, () => seen.push(time.now() - START))
    const begun = performance.now()
    expect(await time.run()).toBe('idle')
    expect(seen).toEqual([3_600_000, 43_200_000, 86_400_000])
    expect(performance.now() - begun).toBeLessThan(1_000)
  })

  it('keeps the order in which things of one millisecond were scheduled', async () => {
    const time = createVirtualTime(START)
    const seen: string[] = []
    time.schedule(START + 5, () => seen.push('third'))
    time.schedule(START + 2, () => seen.push('first'))
    time.schedule(START + 2.4, () => seen.push('second'))
    time.schedule(START + 5, () => seen.push('fourth'))
    time.schedule(START - 1_000, () => seen.push('at once'))
    await time.run()
    expect(seen).toEqual(['at once', 'first', 'second', 'third', 'fourth'])
  })

  it('goes on only when everything that waited has gone on', async () => {
    const time = createVirtualTime(START)
    const seen: string[] = []
    const deep = async (name: string) => {
      await time.sleep(10)
      for (let hop = 0; hop < 50; hop++) await null
      seen.push(`${name} at ${time.now() - START}`)
    }
    void deep('a')
    void deep('b')
    time.schedule(START + 11, () => seen.push('after'))
    await time.run()
    expect(seen).toEqual(['a at 10', 'b at 10', 'after'])
  })

  it('waits for a body that is read', async () => {
    const time = createVirtualTime(START)
    let read: unknown
    time.schedule(START + 1, () => {
      void Response.json({ big: 'x'.repeat(300_000) })
        .text()
        .then((text) => time.sleep(5).then(() => (read = text.length)))
    })
    expect(await time.run()).toBe('idle')
    expect(read).toBe(300_010)
    expect(time.now()).toBe(START + 6)
  })

  it('calls off what is called off', async () => {
    const time = createVirtualTime(START)
    const seen: string[] = []
    const cancel = time.schedule(START + 5, () => seen.push('never'))
    time.schedule(START + 3, cancel)
    await time.run()
    expect(seen).toEqual([])
    expect(time.now()).toBe(START + 3)
  })

  it('ends when it is told to: done, or until', async () => {
    const time = createVirtualTime(START)
    let count = 0
    const tick = () => {
      count += 1
      time.schedule(time.now() + 10, tick)
    }
    time.schedule(START, tick)
    expect(await time.run({ until: START + 95 })).toBe('until')
    expect({ count, at: time.now() }).toEqual({ count: 10, at: START + 95 })
    expect(await time.run({ done: () => count === 20 })).toBe('done')
    expect(time.now()).toBe(START + 190)
  })

  it('aborts after a time', async () => {
    const time = createVirtualTime(START)
    const signal = time.timeout(10_000)
    await time.run({ until: START + 9_999 })
    expect(signal.aborted).toBe(false)
    await time.run()
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('is no place for a time that is none, nor for errors to get lost', async () => {
    const time = createVirtualTime(START)
    expect(() => time.schedule(Number.NaN, () => undefined)).toThrow()
    time.schedule(START, () => {
      throw new Error('an act failed')
    })
    await expect(time.run()).rejects.toThrow('an act failed')
  })

  it('passes through half a million events in seconds, in order', async () => {
    const time = createVirtualTime(START)
    const random = createRandom(7)
    let last = START
    let slept = 0
    const act = async () => {
      if (time.now() < last) throw new Error('time went back')
      last = time.now()
      await time.sleep(random.int(1, 5_000))
      slept += 1
    }
    for (let index = 0; index < 250_000; index++) {
      time.schedule(START + random.int(0, 86_400_000), () => void act())
    }
    const begun = performance.now()
    await time.run()
    expect(slept).toBe(250_000)
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})
