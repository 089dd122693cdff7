import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../cli/main.ts'
import { dataStackName, serviceStackName } from '../core/platform/names.ts'
import { configSchema } from '../infra/config.ts'

const ROOT = join(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

const all = (pattern: RegExp) => [...README.matchAll(pattern)].map(([, ...groups]) => groups.map((each) => each ?? ''))

describe('README.md', () => {
  it('links to files that are there', () => {
    const links = all(/\]\((?!https?:|#)([^)#]+)/g).flat()
    expect(links.length).toBeGreaterThan(3)
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([])
  })

  it('gives commands that hookline understands', () => {
    const lines = all(/npx hookline ([^\n`#]+)/g).flat()
    expect(lines.length).toBeGreaterThan(4)
    for (const line of lines) {
      const io = {
        cwd: ROOT,
        colours: false,
        columns: 100,
        now: () => 1_789_000_000_000,
        write: () => undefined,
        note: () => undefined,
      }
      const program = createProgram(io)
      const ran: string[] = []
      const watch = (command: Command): void => {
        if (command.commands.length === 0) command.action(() => void ran.push(command.name()))
        command.commands.forEach(watch)
      }
      watch(program)
      program.parse(line.trim().split(/\s+/), { from: 'user' })
      expect([line, ran.length]).toEqual([line, 1])
    }
  })

  it('has a default for each setting, and the right one', () => {
    const section = README.slice(README.indexOf('## Configuration'), README.indexOf('`HOOKLINE_CONFIG`'))
    const rows = [...section.matchAll(/^\| `([^`]+)` \| (.+?) \| .+ \|$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ])
    const {
      stage,
      connections,
      ledgerDays,
      logDays,
      verifier,
      consumer,
      sync,
      rotation,
      throttling,
      examples,
      deploy,
    } = configSchema.parse({})
    const { pulse, health, archive, standup } = configSchema.parse({})
    const [connection] = connections
    expect(Object.fromEntries(rows)).toEqual({
      stage: `\`'${stage}'\``,
      'connections[].name': `\`'${connection?.name}'\``,
      'connections[].filter.events': 'every event',
      'connections[].filter.lists': 'every list',
      'connections[].filter.spaces': 'every space',
      'connections[].callsPerMinute': 'what the plan allows',
      'connections[].storeComments': `\`${connection?.storeComments}\``,
      'connections[].storeEmails': `\`${connection?.storeEmails}\``,
      customDomain: 'none',
      encryptionKeyArn: "AWS's keys",
      eventBusName: "`'hookline-STAGE'`",
      ledgerDays: `\`${ledgerDays}\``,
      logDays: `\`${logDays}\``,
      verifier: `\`${verifier.memoryMb}\` MB, \`${verifier.timeoutSeconds}\` s`,
      consumer: `\`${consumer.memoryMb}\` MB, \`${consumer.timeoutSeconds}\` s, \`${consumer.maxConcurrency}\`, \`${consumer.degradedAfterMinutes}\` min`,
      sync: `\`${sync.memoryMb}\` MB`,
      standup: standup === undefined ? 'none' : 'on',
      archive: archive === undefined ? 'none' : `${archive.days} days`,
      rotation: `\`${rotation.signingDays}\`, \`${rotation.tokenDays}\` days, \`${rotation.overlapMinutes}\` min`,
      pulse: `\`${pulse.clickupStatus}\``,
      health: `\`${health}\``,
      reports: 'see docs',
      throttling: `\`${throttling.rate}\`/s, \`${throttling.burst}\``,
      examples: `\`${examples}\``,
      'deploy.verifier': `\`'${deploy.verifier}'\``,
      restoredTables: 'none',
      tags: 'none',
      alarms: 'on, nobody is told',
    })
    expect(rows.map(([name = '']) => name.split(/[.[]/)[0])).toEqual(
      expect.arrayContaining(Object.keys(configSchema.shape)),
    )
  })

  it('names the stacks as they are named', () => {
    const names = new Set(all(/(Hookline-prod-\w+)/g).flat())
    expect([...names].sort()).toEqual([dataStackName('prod'), 'Hookline-prod-Examples', serviceStackName('prod')])
  })
})
