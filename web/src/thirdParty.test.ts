import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Lock = { packages: Record<string, { dev?: boolean; resolved?: string }> };

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;

test("THIRD-PARTY.md names every package that the UI is built from", () => {
  const listed = [...readFileSync("../THIRD-PARTY.md", "utf8").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  const missing = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && !entry.dev)
    .map(([path]) => path.replace(/^.*node_modules\//, ""))
    .filter((name) => !listed.some((pattern) => pattern === name || (pattern.endsWith("/*") && name.startsWith(pattern.slice(0, -1)))));
  expect(missing).toEqual([]);
});

test("the lock file names no registry but npm's own", () => {
  const others = Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/"));
  expect(others).toEqual([]);
});
