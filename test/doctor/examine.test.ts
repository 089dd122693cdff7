import { expect, it } from 'vitest'
import { examine, passes } from '../../core/doctor/doctor.ts'
import { CHECKS, type Finding } from '../../core/doctor/finding.ts'
import { patient, stage } from './patient.ts'

async function gathered(services: ReturnType<typeof stage>): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of examine(services)) findings.push(finding)
  return findings
}

it('makes the checks of the stage and then those of each connection, and goes on after one that cannot be made', async () => {
  const denied = { recursion: () => Promise.reject(new Error('AccessDenied: lambda:GetFunctionRecursionConfig')) }
  const findings = await gathered(
    stage(
      { aws: { ...stage().aws, ...denied } },
      { connections: [patient().status, { ...patient().status, name: 'second' }] },
    ),
  )
  expect(findings.find(({ check }) => check === 'recursion')).toMatchObject({
    level: 'fail',
    text: 'It cannot be checked: Error: AccessDenied: lambda:GetFunctionRecursionConfig',
  })
  expect(new Set(findings.map(({ connection }) => connection))).toEqual(new Set([null, 'main', 'second']))
  const ofSecond = findings.filter(({ connection }) => connection === 'second').length
  expect(ofSecond).toBe(findings.filter(({ connection }) => connection === 'main').length)
  expect(new Set(findings.map(({ check }) => check)).size).toBe(Object.keys(CHECKS).length)
})

it('asks ClickUp nothing while Hookline is paused', async () => {
  const pause = { v: 1, since: 1, by: 'kim', reason: null, past: [] } as const
  const findings = await gathered(stage({}, { pause: { ...pause, past: [] }, connections: [patient().status] }))
  const skipped = findings.filter(({ level }) => level === 'skip').map(({ check }) => check)
  expect(skipped).toEqual(expect.arrayContaining(['token', 'account', 'workspace', 'webhooks', 'latency']))
  expect(findings.find(({ check }) => check === 'testDelivery')).toMatchObject({
    level: 'pass',
    text: /waits in the queue/,
  })
})

it('says of what is not connected what to do, and nothing else', async () => {
  const findings = await gathered(stage({}, { connections: [{ ...patient().status, record: null }] }))
  expect(findings.filter(({ connection }) => connection === 'main')).toMatchObject([
    { check: 'token', level: 'fail', text: 'It is not connected.', advice: /hookline connect --connection main/ },
  ])
})

it('lets a warning pass, but not at the gate, where only ClickApps are left to taste', () => {
  const found = (level: Finding['level'], check: Finding['check'] = 'queues') => ({ level, check })
  expect(passes([found('warn'), found('skip'), found('pass')], false)).toBe(true)
  expect(passes([found('warn')], true)).toBe(false)
  expect(passes([found('warn', 'clickApps')], true)).toBe(true)
  expect(passes([found('fail', 'clickApps')], false)).toBe(false)
})
