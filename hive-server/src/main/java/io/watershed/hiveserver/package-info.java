/**
 * For tests only: HiveServer2 and its metastore in one process, which a test starts and asks over a
 * pipe. Hive's own versions of libraries stay in this process.
 */
@NullMarked
package io.watershed.hiveserver;

import org.jspecify.annotations.NullMarked;
