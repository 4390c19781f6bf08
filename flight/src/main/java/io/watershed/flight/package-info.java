/**
 * Arrow Flight SQL over the unified view: what JDBC and ADBC clients connect to. {@link
 * io.watershed.flight.FlightSqlEndpoint} listens; each statement passes the same gate and the same
 * engine as on the command line.
 */
@NullMarked
package io.watershed.flight;

import org.jspecify.annotations.NullMarked;
