import { expect, test } from 'vitest'
import { parseOptions } from '../../local/start/options.ts'

test('stays up by default, at an address that is the same each time', () => {
  expect(parseOptions([])).toEqual({
    kind: 'start',
    options: { mode: 'live', json: false, seed: 1, changes: 600, port: 4665, breaks: null },
  })
})

test('a checked run takes any free port, so that it never disturbs a running system', () => {
  expect(parseOptions(['--once', '--json', '--seed', '7', '--changes', '50', '--break', 'dedupe'])).toEqual({
    kind: 'start',
    options: { mode: 'once', json: true, seed: 7, changes: 50, port: 0, breaks: 'dedupe' },
  })
})

test.each(['--help', '-h'])('%s asks for help, whatever else is there', (option) => {
  expect(parseOptions(['--once', option])).toEqual({ kind: 'help' })
})

test.each([
  [['--onec'], "Unknown option '--onec'"],
  [['extra'], "Unexpected argument 'extra'"],
  [['--once', '--json=yes'], "Option '--json' does not take an argument"],
  [['--once', '--seed', 'x'], '--seed takes a whole number from 0 to 4294967295, not x'],
  [['--once', '--seed', '-1'], "Option '--seed' argument is ambiguous"],
  [['--once', '--changes', '3'], '--changes takes a whole number from 20 to 20000, not 3'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65535, not 70000'],
  [['--once', '--break', 'bones'], '--break knows dedupe, not bones'],
  [['--json'], '--json goes with --once'],
  [['--changes', '50'], '--changes goes with --once'],
])('%j is told in one sentence', (args, sentence) => {
  const parsed = parseOptions(args)
  expect(parsed).toEqual({ kind: 'wrong', message: expect.stringMatching(/^[^\n]+\. See npm start -- --help$/) })
  expect(parsed).toMatchObject({ message: `${sentence}. See npm start -- --help` })
})
