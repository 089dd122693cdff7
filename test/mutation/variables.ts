/** How a run tells its tests, which Stryker starts, which files they are. */
export const TESTS_VARIABLE = 'HOOKLINE_MUTATION_TESTS'
/** And in which order the tests of a file run. */
export const SEED_VARIABLE = 'HOOKLINE_MUTATION_SEED'
