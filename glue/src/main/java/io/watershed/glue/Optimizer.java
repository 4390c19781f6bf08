package io.watershed.glue;

/**
 * One of Glue's own services for Iceberg tables, as a table has it. Each rewrites or deletes files
 * behind the archiver's back.
 *
 * @param type Glue's name: {@code compaction}, {@code retention}, {@code orphan_file_deletion}
 * @param isSet whether the table says anything about it
 * @param isEnabled whether it runs
 */
record Optimizer(String type, boolean isSet, boolean isEnabled) {}
