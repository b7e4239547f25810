/** Absolute POSIX paths as text: nothing is looked up. */

/** `path` as seen from `folder`, without `.` and `..`; no slash at the end but that of the root. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  const whole = path.startsWith("/") ? path : `${folder}/${path}`;
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** True for the folder itself and everything below it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
