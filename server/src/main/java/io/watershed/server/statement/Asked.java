package io.watershed.server.statement;

import io.watershed.core.config.SqlEngine;
import io.watershed.query.SqlRequest;

/**
 * A statement as somebody asked for it.
 *
 * @param request text and cut
 * @param engine what is to answer
 */
record Asked(SqlRequest request, SqlEngine engine) {}
