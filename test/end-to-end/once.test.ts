import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { start } from './support/start.ts'

const count = z.int().nonnegative()
const times = z.strictObject({ p50: z.number().positive(), p99: z.number().positive() })
const reportSchema = z.strictObject({
  ...{ seed: count, deliveries: count, accepted: count, refused: count, duplicates: count },
  ...{
    changes: count,
    published: count,
    missing: count,
    extra: count,
    republished: count,
    quarantined: count,
    apiCalls: count,
  },
  ...{ ackMs: times, endToEndMs: times },
})

test('--once --json ends 0 with one line, and everything that happened came out once', {
  timeout: 90_000,
}, async () => {
  const { code, stdout, stderr } = await start(['--once', '--json', '--seed', '3', '--changes', '30'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  const report = reportSchema.parse(JSON.parse(stdout))
  expect(report).toMatchObject({ seed: 3, missing: 0, extra: 0, republished: 0, quarantined: 0 })
  expect(report.changes).toBeGreaterThanOrEqual(30)
  expect(report.published).toBe(report.changes)
  expect(report.deliveries).toBe(report.accepted + report.refused)
  expect(report.duplicates).toBeGreaterThan(0)
  expect(report.apiCalls).toBeGreaterThan(0)
})

test('what cannot be read of the command line is told in one line, and ends 2', async () => {
  const { code, stdout, stderr } = await start(['--onec'])
  expect({ code, stdout, stderr }).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: "Unknown option '--onec'. See npm start -- --help\n",
  })
})

test('--help ends 0 and names every option', async () => {
  const { code, stdout } = await start(['--help'])
  expect(code).toBe(0)
  for (const option of ['--once', '--json', '--seed', '--changes', '--break dedupe', '--port']) {
    expect(stdout).toContain(option)
  }
})

test('a busy port is told in one line, and ends 1', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  try {
    const { code, stderr } = await start(['--once', '--json', '--port', String(port)])
    expect(code).toBe(1)
    expect(stderr).toBe(`Port ${port} is in use by another program; choose another one with --port\n`)
  } finally {
    server.close()
  }
})

test('a filter, which would look like losses, is told in one line, and ends 1', { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  try {
    const config = join(directory, 'hookline.config.ts')
    const filter = { events: ['taskStatusUpdated'] }
    writeFileSync(
      config,
      `export default ${JSON.stringify({ connections: [{ name: 'one', filter }, { name: 'two' }] })}\n`,
    )
    expect(await start(['--once', '--json'], { HOOKLINE_CONFIG: config })).toEqual({
      code: 1,
      stdout: '',
      stderr: '--once compares with all that happened: run it without the filter of the connection one\n',
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('a config that cannot be synthesized is told in one line, and ends 1', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  try {
    const config = join(directory, 'hookline.config.ts')
    writeFileSync(config, 'export default { ledgerDays: 3 }\n')
    const { code, stdout, stderr } = await start(['--once', '--json'], { HOOKLINE_CONFIG: config })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('ledgerDays')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
