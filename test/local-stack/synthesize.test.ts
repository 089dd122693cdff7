import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAssembly } from '../../local/stack/assembly.ts'
import { reasonIn, synthesize } from '../../local/stack/synthesize.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'synthesize-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Stands for the CDK app: the given code in a file of its own. */
function app(name: string, code: string): { appFile: string; outDir: string } {
  const appFile = join(dir, `${name}.mjs`)
  writeFileSync(appFile, code)
  return { appFile, outDir: join(dir, name) }
}

/** Two stacks, the later one first in the manifest, which write down what they were given. */
const TWO_STACKS = `
import { mkdirSync, writeFileSync } from 'node:fs'
const { CDK_OUTDIR, CDK_CONTEXT_JSON, HOOKLINE_CONFIG, MORE } = process.env
mkdirSync(CDK_OUTDIR)
const write = (file, content) => writeFileSync(CDK_OUTDIR + '/' + file, JSON.stringify(content))
const stack = (name, dependencies) => ({
  type: 'aws:cloudformation:stack', environment: 'aws://111111111111/eu-west-1', dependencies,
  properties: { templateFile: name + '.json', stackName: name },
  additionalMetadataFile: name + '.metadata.json',
})
write('manifest.json', { artifacts: { two: stack('Two', ['one']), one: stack('One', []) } })
write('One.json', { Resources: {} })
write('Two.json', { Resources: { QueueABC: { Type: 'AWS::SQS::Queue', Metadata: { HOOKLINE_CONFIG, MORE, context: JSON.parse(CDK_CONTEXT_JSON) } } } })
write('One.metadata.json', {})
write('Two.metadata.json', { '/Two/Deliveries/Queue/Resource': [{ type: 'aws:cdk:logicalId', data: 'QueueABC' }] })
`

describe('synthesize', () => {
  it('runs the app and reads its stacks, each after those it depends on', async () => {
    const given = app('works', TWO_STACKS)
    const assembly = await synthesize({ ...given, configPath: '/some/config.ts', env: { MORE: 'more' } })
    expect(assembly.stacks.map(({ name, account, region }) => [name, account, region])).toEqual([
      ['One', '111111111111', 'eu-west-1'],
      ['Two', '111111111111', 'eu-west-1'],
    ])
    expect(assembly.stacks[1]?.resources).toEqual([
      expect.objectContaining({ logicalId: 'QueueABC', path: 'Deliveries/Queue', type: 'AWS::SQS::Queue' }),
    ])
    expect(readAssembly(given.outDir)).toEqual(assembly)
  })

  it.each([
    ['throws', 'throw new TypeError("The stage must be a name")', 'The stage must be a name'],
    [
      'says why',
      'process.stderr.write("connections[0].name is missing.\\n"); process.exitCode = 1',
      'connections[0].name is missing.',
    ],
    ['says nothing', 'process.exitCode = 1', 'it said nothing'],
  ])('gives the message of an app that %s, in one line', async (name, code, message) => {
    await expect(synthesize(app(name.replaceAll(' ', '-'), code))).rejects.toMatchObject({
      name: 'StackError',
      problem: 'synthesis',
      message: `The app could not be synthesized: ${message}`,
    })
  })

  it('tells of an app that wrote nothing', async () => {
    await expect(synthesize(app('empty', ''))).rejects.toThrow('The cloud assembly lacks')
  })

  it('tells of an app that is not there', async () => {
    await expect(synthesize({ outDir: dir, appFile: join(dir, 'none.ts') })).rejects.toThrow('none.ts is missing')
  })
})

describe('the reason in an output', () => {
  it.each([
    [
      'an error of Node',
      'file:///app.ts:3\nthrow new Error("x")\n      ^\n\nError: The queue is wrong\n    at main (file:///app.ts:3:7)\n\nNode.js v24.1.0',
      'The queue is wrong',
    ],
    [
      'an error of the CDK',
      'Bundling asset X...\nfile:///app.ts:3\n^\n\n«PathNotUnderRoot» path should be under root\n    ...new F in aws-cdk-lib...',
      'path should be under root',
    ],
    ['colours', '\u001b[31mSome setting is wrong.\u001b[39m\n', 'Some setting is wrong.'],
    ['several sentences', 'a.ts: one is wrong.\na.ts: two is wrong.\n', 'a.ts: one is wrong. a.ts: two is wrong.'],
  ])('of %s', (_name, output, reason) => {
    expect(reasonIn(output)).toBe(reason)
  })
})
