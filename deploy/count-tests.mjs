/**
 * The end of `npm test`, from vitest's JSON reports: what failed, each with the beginning of why, and the line that counts, so that the end
 * of a log says what its middle is not needed for. Exit code 1 where a test failed, or a file that has tests could not be run.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** As many lines of a reason as show what was expected, and what came, and where. */
const LINES = 16;

let passed = 0;
let failed = 0;

function failure(where, why) {
  failed += 1;
  const lines = `${why ?? ''}`.split('\n');
  console.log([`FAILED ${where}`, ...lines.slice(0, LINES).filter((line) => line !== '')].join('\n  '));
}

function tell({ name, status, message, assertionResults }) {
  const file = relative('', name);
  const tests = assertionResults.filter((test) => test.status === 'failed');
  for (const test of tests) failure(`${file} > ${test.fullName}`, test.failureMessages?.[0]);
  if (status === 'failed' && tests.length === 0) failure(file, message);
}

for (const file of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    report.testResults.forEach(tell);
    passed += report.numPassedTests;
  } catch (error) {
    failure(file, error.message);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
