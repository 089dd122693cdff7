import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginPause, endPause } from '../../core/pause/change.ts'
import { startStage } from './rotate-support.ts'

/** What is seen of a pause is kept so long. */
const HEEDED_MS = 5_000
const MINUTE = 60_000
const MET = 'A step of a rotation met a pause, and is to be taken again after it'

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
  stage.clickup.faults.allowSecondWebhook = 'otherEndpoint'
  await stage.connect()
})
afterEach(() => stage.close())

async function pause() {
  await beginPause(stage.state, { by: 'ada', reason: null, now: stage.now() })
  stage.pass(HEEDED_MS)
}
async function resume() {
  await endPause(stage.state, stage.now())
  stage.pass(HEEDED_MS)
}
const said = (message: string) => stage.lines.filter((line) => line.message === message).length

/** Secrets Manager takes the steps again: what is done already is found done. */
async function goOn(version: string) {
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
    await stage.takeStep('signing', step, version)
}

describe('a rotation', () => {
  it('that is to begin in a pause asks nothing, fails nobody, and begins when it is tried again', async () => {
    const before = await stage.signing()
    await pause()
    const asked = stage.endpoints()
    const { version, labels } = await stage.rotate('signing')
    expect([labels, said(MET), stage.endpoints()]).toEqual([['AWSPENDING'], 1, asked])
    expect(stage.counted).not.toContain('RotationsFailed')
    expect(await stage.signing()).toEqual(before)
    await resume()
    await goOn(version)
    expect((await stage.signing()).slots.b?.state).toBe('active')
    expect(stage.counted).not.toContain('RotationsFailed')
  })

  describe.each([
    ['between two of its steps', 'POST'],
    ['within a step', 'GET'],
  ])('in the middle of which a pause begins, %s,', (_where, after) => {
    /** The new webhook is made, and is to wait until every verifier knows its secret. */
    async function interrupted() {
      let isMade = false
      stage.hooks.called = async (method, url) => {
        isMade ||= method === 'POST' && url.endsWith('/webhook')
        if (!isMade || method !== after) return
        stage.hooks.called = async () => undefined
        await pause()
      }
      const rotated = await stage.rotate('signing')
      expect([rotated.labels, said(MET)]).toEqual([['AWSPENDING'], 1])
      expect(stage.endpoints()).toEqual([stage.url('a'), stage.url('b')])
      expect((await stage.signing()).slots.a?.state).toBe('active')
      return rotated
    }

    it('stands as it is, and is gone on with after it, however long that took', async () => {
      const { version } = await interrupted()
      stage.pass(120 * MINUTE)
      await resume()
      // The guard comes first, and leaves it alone: it has not been given the time that it has.
      await stage.guard()
      await goOn(version)
      expect((await stage.signing()).slots).toMatchObject({ a: { state: 'retiring' }, b: { state: 'active' } })
      expect(await stage.report('signing')).toMatchObject({ phase: 'done' })
      expect(stage.counted).not.toContain('RotationsFailed')
    })

    it('is cleared away by the guard when nobody goes on with it', async () => {
      await interrupted()
      stage.pass(120 * MINUTE)
      await resume()
      stage.pass(21 * MINUTE)
      for (let round = 0; round < 3; round += 1) {
        await stage.guard()
        stage.pass(2 * MINUTE)
      }
      expect(stage.endpoints()).toEqual([stage.url('a')])
      expect(Object.keys((await stage.signing()).slots)).toEqual(['a'])
      expect(stage.counted).not.toContain('RotationsFailed')
    })
  })
})
