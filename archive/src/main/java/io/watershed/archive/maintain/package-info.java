/**
 * Keeping an archive fit for years: small files are rewritten as larger ones, days beyond the
 * retention dropped, old metadata and left-overs removed. Decisions are pure ({@code
 * CompactionPlan}); every change is one transaction of {@code ArchiveTable}, beside a running
 * archiver and beside readers.
 */
@NullMarked
package io.watershed.archive.maintain;

import org.jspecify.annotations.NullMarked;
