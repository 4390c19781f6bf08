/**
 * Statements for Apache Drill by JDBC: the driver, its values as those of {@code query}, and what
 * of SQL two parsers read alike. The cut is resolved elsewhere; Drill gets it as a receipt, which
 * its plugin (module {@code drill}) answers.
 */
@NullMarked
package io.watershed.drillclient;

import org.jspecify.annotations.NullMarked;
