import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Source } from './scan.ts'

/** One sentence for a person. */
export class SourcesError extends Error {}

/** More than all that anybody commits at once. */
const MAX_BYTES = 1024 ** 3

/** Every file that is or could become a part of the repository, as it stands in the folder. */
export function* filesOf(root: string): Generator<Source> {
  const names = git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'])
  for (const path of nullSeparated(names)) {
    const bytes = readIfThere(join(root, path))
    if (bytes !== null) yield { path, bytes }
  }
}

/** Every file that the next commit changes, as it will be committed: the folder may hold something else by now. */
export function* stagedIn(root: string): Generator<Source> {
  const changes = nullSeparated(
    git(root, ['diff', '--cached', '--raw', '--no-abbrev', '--no-renames', '--diff-filter=d', '-z']),
  )
  const staged: { path: string; blob: string }[] = []
  // Each is `:mode mode blob blob status`, then its path.
  for (let i = 0; i + 1 < changes.length; i += 2) {
    const [, mode, , blob = ''] = (changes[i] ?? '').split(' ')
    // A submodule is a commit of another repository.
    if (mode !== '160000') staged.push({ path: changes[i + 1] ?? '', blob })
  }
  if (staged.length === 0) return
  const all = git(root, ['cat-file', '--batch'], staged.map(({ blob }) => `${blob}\n`).join(''))
  let at = 0
  for (const { path } of staged) {
    // `blob type size`, a line end, so many bytes, a line end.
    const headEnd = all.indexOf('\n', at)
    const size = Number(all.toString('latin1', at, headEnd).split(' ')[2])
    yield { path, bytes: all.subarray(headEnd + 1, headEnd + 1 + size) }
    at = headEnd + 1 + size + 1
  }
}

const nullSeparated = (bytes: Buffer) => bytes.toString('utf8').split('\0').filter(Boolean)

function git(root: string, args: readonly string[], input = ''): Buffer {
  const { error, status, stdout } = spawnSync('git', args, { cwd: root, input, maxBuffer: MAX_BYTES })
  if (error !== undefined || status !== 0)
    throw new SourcesError('Run this with git in a clone of the repository: it looks at the files that git knows.')
  return stdout
}

/** Null for what is deleted and not yet committed, and for what is no file: a link, a repository within. */
function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}
