/**
 * Archives as tables of the AWS Glue Data Catalog: after each commit a table there is pointed to
 * the newest metadata object. The reservoir stays the truth; what the catalog says is never read
 * back, and a change that somebody else made there is undone and reported. Knows nothing of streams
 * or archivers.
 */
@NullMarked
package io.watershed.glue;

import org.jspecify.annotations.NullMarked;
