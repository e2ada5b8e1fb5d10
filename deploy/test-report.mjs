/**
 * A reporter of vitest's: what passed and what failed with the beginning of why, as JSON in the file that ISTHMUS_TEST_REPORT names. Unlike vitest's own
 * it tells why a `beforeAll` failed, and what was thrown beside the tests.
 */
import { writeFileSync } from 'node:fs';

/** As many lines of a reason as show what was expected, and what came, and where. */
const LINES = 24;

const beginning = ({ stack, message }) =>
  `${stack || message}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LINES);

const failures = (where, errors) => errors.map((error) => ({ where, why: beginning(error) }));

function failuresOf(module) {
  const file = module.relativeModuleId;
  const suites = [...module.children.allSuites()];
  const tests = [...module.children.allTests('failed')];
  const found = [
    ...failures(file, module.errors()),
    ...suites.flatMap((suite) => failures(`${file} > ${suite.fullName}`, suite.errors())),
    ...tests.flatMap((test) => failures(`${file} > ${test.fullName}`, (test.result().errors ?? []).slice(0, 1))),
  ];
  return found.length === 0 && module.state() === 'failed' ? [{ where: file, why: [] }] : found;
}

export default class TestReport {
  onTestRunEnd(modules, unhandled, reason) {
    const passed = modules.flatMap((module) => [...module.children.allTests('passed')]).length;
    const failed = [...modules.flatMap(failuresOf), ...failures('beside the tests', unhandled)];
    if (reason !== 'passed' && failed.length === 0) failed.push({ where: 'the run', why: [reason] });
    writeFileSync(process.env.ISTHMUS_TEST_REPORT, JSON.stringify({ passed, failed }));
  }
}
