import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const MAIN = join(ROOT, 'local', 'hygiene', 'main.ts')

/** Text that looks drawn by chance and is always the same. */
function drawn(length: number, alphabet: string): string {
  let state = 42
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return alphabet[Math.floor(state / 65_536) % alphabet.length]
  }).join('')
}
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const MIXED = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

const apiToken = `${'pk'}_47110815_${drawn(32, UPPER)}`
const signingSecret = drawn(64, UPPER)
const accessToken = `${drawn(40, MIXED)}7`

/** Put together here: this file has none in it. */
const PLANTED: Readonly<Record<string, string | Buffer>> = {
  'a personal API token': `export const token = '${apiToken}'\n`,
  'a personal API token within an address': `fetch('http://127.0.0.1/?token=${apiToken}&page=0')`,
  'a personal API token in UTF-16': Buffer.from(`token=${apiToken}`, 'utf16le'),
  'an OAuth access token': `token: 4711_${drawn(64, '0123456789abcdef')}`,
  'a signing secret': JSON.stringify({ webhook: { id: 1, secret: signingSecret } }),
  'an access token in a header': `curl -H 'Authorization: Bearer ${accessToken}'`,
  'an access token in an answer': JSON.stringify({ access_token: accessToken }),
  'the secret of an OAuth app': `client_secret=${accessToken}`,
  'a private key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }),
  'an AWS key': `AWS_SECRET_ACCESS_KEY=${drawn(40, MIXED)}`,
  'a GitHub token': `ghp${'_'}${drawn(36, MIXED)}`,
  'a Slack webhook': `https://hooks.${'slack'}.com/services/T${drawn(8, UPPER)}/B${drawn(8, UPPER)}/${drawn(24, MIXED)}`,
  'the password of a database': `postgres://user:${drawn(20, MIXED)}@db.example.com/facts`,
}

const ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' },
  ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' },
  ...{ HUSKY: '', npm_lifecycle_event: '' },
}

function run(cwd: string, command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: ENV, encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

/** An empty repository with this project's own hook, installed as `npm ci` installs it. */
function repository(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-secrets-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  expect(run(directory, 'git', 'init', '--quiet').status).toBe(0)
  for (const shared of ['node_modules', 'local', 'core']) symlinkSync(join(ROOT, shared), join(directory, shared))
  mkdirSync(join(directory, '.husky'))
  copyFileSync(join(ROOT, '.husky', 'pre-commit'), join(directory, '.husky', 'pre-commit'))
  writeFileSync(join(directory, '.git', 'info', 'exclude'), 'node_modules\nlocal\ncore\n')
  expect(run(directory, process.execPath, join(ROOT, 'node_modules', 'husky', 'bin.js'))).toEqual({
    status: 0,
    text: '',
  })
  return directory
}

const commits = (directory: string) => run(directory, 'git', 'rev-list', '--count', '--all').text.trim()

/** Somebody may have the files without their repository, or no git: then there is nothing to commit to. */
const inClone = existsSync(join(ROOT, '.git')) && run(ROOT, 'git', '--version').status === 0

describe.runIf(inClone)('the hook', () => {
  it('refuses a commit with any kind of secret, names the place and never the secret, and says what to do', () => {
    const directory = repository()
    const names = Object.keys(PLANTED)
    for (const [i, content] of Object.values(PLANTED).entries())
      writeFileSync(join(directory, `planted-${i}.txt`), content)
    run(directory, 'git', 'add', '.')
    const { status, text } = run(directory, 'git', 'commit', '-m', 'x')
    expect(status).toBe(1)
    const found = names.filter((_, i) => text.includes(`planted-${i}.txt:1:`))
    expect(found).toEqual(names)
    expect(text).toContain('planted-0.txt:1:23  ClickUp API token\n')
    expect(text).toContain('Not committed: this looks like 13 secrets. Take them out and stage the file again')
    for (const secret of [apiToken, signingSecret, accessToken]) expect(text).not.toContain(secret)
    expect(commits(directory)).toBe('0')
  })

  it('looks at what is staged, whatever the folder holds', () => {
    const directory = repository()
    const file = join(directory, 'a file\nwith a "name".txt')
    const bad = `const token = '${apiToken}'\n`
    writeFileSync(file, bad)
    run(directory, 'git', 'add', '.')
    writeFileSync(file, 'taken out, and not staged\n')
    expect(run(directory, 'git', 'commit', '-m', 'x').status).toBe(1)
    run(directory, 'git', 'add', '.')
    writeFileSync(file, bad)
    expect(run(directory, 'git', 'commit', '-m', 'x')).toMatchObject({ status: 0 })
    // A commit of everything stages by itself; a deletion brings nothing.
    expect(run(directory, 'git', 'commit', '-am', 'x').status).toBe(1)
    rmSync(file)
    expect(run(directory, 'git', 'commit', '-am', 'x').status).toBe(0)
    expect(commits(directory)).toBe('2')
  })

  it('lets through what only speaks of secrets', () => {
    const directory = repository()
    writeFileSync(
      join(directory, 'plain.md'),
      `Tokens begin with pk_, as in pk_… or pk_name; send \`Authorization: Bearer TOKEN\`, sign it: ${'0af1'.repeat(16)}.\n`,
    )
    run(directory, 'git', 'add', '.')
    expect(run(directory, 'git', 'commit', '-m', 'x')).toMatchObject({ status: 0 })
  })
})

describe.runIf(inClone)('the tree', () => {
  it('has no secret in it', () => {
    expect(run(ROOT, process.execPath, MAIN)).toEqual({ status: 0, text: '' })
  })

  it('is looked at as it stands, with what is not staged yet and without what is ignored', () => {
    const directory = repository()
    writeFileSync(join(directory, '.gitignore'), '.env\n')
    writeFileSync(join(directory, '.env'), apiToken)
    expect(run(directory, process.execPath, MAIN)).toEqual({ status: 0, text: '' })
    writeFileSync(join(directory, 'new.txt'), `two lines\n${apiToken}`)
    const { status, text } = run(directory, process.execPath, MAIN)
    expect(status).toBe(1)
    expect(text).toMatch(/^new\.txt:2:1 {2}ClickUp API token\nThis looks like a secret\. Take it out;/)
  })
})

describe('a folder without a repository', () => {
  it('is answered with one sentence, and installing does no harm there', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hookline-secrets-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    expect(run(directory, process.execPath, MAIN)).toEqual({
      status: 2,
      text: 'Run this with git in a clone of the repository: it looks at the files that git knows.\n',
    })
    expect(run(directory, process.execPath, join(ROOT, 'node_modules', 'husky', 'bin.js')).status).toBe(0)
  })
})
