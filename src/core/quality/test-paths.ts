/** Which files hold tests, by where they are and what they are called. */

const TEST_FOLDER = /(^|\/)(tests?|__tests__|specs?|e2e)\//i;
const TEST_NAME =
  /(\.|_|-)(test|tests|spec|e2e)\.[^/.]+$|(^|\/)test_[^/]+\.py$|(^|\/)[^/]*Tests?\.(java|kt|cs|swift|scala|php)$/;

/** True for files that look like tests by folder or name, in the usual languages. */
export function isTestPath(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_NAME.test(path);
}
