/**
 * The end of `npm test`, from the reports of test-report.mjs: what failed, each with the beginning of why, and the line that counts, so that the end
 * of a log says what its middle is not needed for. Exit code 1 where a test failed, or a file that has tests could not be run.
 */
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: [{ where: file, why: [error.message] }] };
  }
});
const failed = reports.flatMap((report) => report.failed);
const passed = reports.reduce((sum, report) => sum + report.passed, 0);
for (const { where, why } of failed) console.log([`FAILED ${where}`, ...why].join('\n  '));
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;
